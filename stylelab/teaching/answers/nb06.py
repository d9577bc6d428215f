"""The answers to notebook 06, a photo's content in a painting's style."""

# %%
import torch


def gram(maps):
    F = maps[0].flatten(1)  # [N, M]
    return F @ F.T / F.shape[1]


def distance(found, goal):
    return (found - goal).square().sum() / goal.square().sum()


# %% [markdown]
# **1.** Two lines, one for each wish.


# %%
def total_loss(maps, P, A, alpha, beta):
    content = distance(maps["relu4_2"], P)
    misses = [distance(gram(maps[layer]), A[layer]) for layer in A]
    return alpha * content + beta * sum(misses) / len(misses)


# %% [markdown]
# **2.** It moves the picture between two steps. L-BFGS takes the difference of two
# slopes for the effect of *its own* step, and learns a curvature that is not there.
# Clip once, at the end; or put a sigmoid or a clip between what moves and what the
# network sees, as this package does.


# %%
def paint(loss_of, start, steps):
    x = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([x], max_iter=1)

    def closure():
        optimizer.zero_grad()
        loss = loss_of(x)
        loss.backward()
        return loss

    for _ in range(steps):
        optimizer.step(closure)
    return x.detach().clamp(0, 1)


# %% [markdown]
# **3.** A Gram matrix is a sum over positions. Four times the positions, four times the
# entries, sixteen times the squared distance: divide by the number of positions. (The
# tutorial's content loss is a mean already; so the *ratio* of the weights depended on
# the size. A loss that is divided by its goal, as our `distance` is, hides this bug,
# until photo and painting have different sizes.)


# %%
def style_loss(found, target):
    a, b = found[0].flatten(1), target[0].flatten(1)
    return (a @ a.T / a.shape[1] - b @ b.T / b.shape[1]).square().mean()


# %% [markdown]
# **4.** Go through the points from the left, and keep each that is lower than all
# before it. (`tradeoff.pareto` in the package does this.)


# %%
def on_the_front(points):
    kept = []
    for point in sorted(points):
        if not kept or point[1] < kept[-1][1]:
            kept.append(point)
    return kept
