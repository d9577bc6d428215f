"""The answers to notebook 05, what is a texture, to a network?"""

# %% [markdown]
# **1.** One row per map; a matrix product with its own transpose multiplies all rows
# with all rows.


# %%
def gram(maps):
    rows = maps.flatten(1)
    return rows @ rows.T / rows.shape[1]


# %% [markdown]
# **2.** Only the places may be flattened. `.mT` transposes the matrix of each picture.


# %%
def batch_grams(maps):
    rows = maps.flatten(2)
    return rows @ rows.mT / rows.shape[2]


# %% [markdown]
# **3.** Sums over places, as in the formula, and one division at the end.


# %%
def gram_loss(maps, texture):
    ours, theirs = maps.flatten(1), texture.flatten(1)
    squares = (ours @ ours.T - theirs @ theirs.T).square()
    n, places = ours.shape
    return squares.sum() / (4 * n**2 * places**2)
