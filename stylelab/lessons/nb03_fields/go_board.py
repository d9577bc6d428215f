"""Go boards as pictures, and stones in atari: by the rules, and by convolution.

AlphaGo (Silver et al. 2016) shows its network a board as a stack of 19 x 19 pictures;
one of them tells which stones have one liberty left. Here a board is an int tensor
[19, 19] of EMPTY, BLACK and WHITE.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

EMPTY, BLACK, WHITE = 0, 1, 2
SIDE = 19

Place = tuple[int, int]

# A point's four neighbours: Go knows no diagonals.
CROSS = torch.tensor([[0.0, 1, 0], [1, 0, 1], [0, 1, 0]])


def neighbours(place: Place) -> list[Place]:
    """The two to four points next to `place`."""
    r, c = place
    around = [(r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)]
    return [(r, c) for r, c in around if 0 <= r < SIDE and 0 <= c < SIDE]


def chain(board: Tensor, place: Place) -> tuple[set[Place], set[Place]]:
    """The stones connected to the one at `place`, and the chain's liberties."""
    colour, stones, liberties, todo = board[place], {place}, set(), [place]
    while todo:
        for near in neighbours(todo.pop()):
            if board[near] == EMPTY:
                liberties.add(near)
            elif board[near] == colour and near not in stones:
                stones.add(near)
                todo.append(near)
    return stones, liberties


def random_board(moves: int, seed: int) -> Tensor:
    """A board after random moves with captures, black first; a suicide is undone."""
    generator = torch.Generator().manual_seed(seed)
    board = torch.full((SIDE, SIDE), EMPTY)
    for move in range(moves):
        free = (board == EMPTY).nonzero().tolist()
        place = tuple(free[int(torch.randint(len(free), (1,), generator=generator))])
        board[place] = colour = (BLACK, WHITE)[move % 2]
        for near in neighbours(place):
            if board[near] not in (EMPTY, colour):
                stones, liberties = chain(board, near)
                if not liberties:
                    board[tuple(torch.tensor([*stones]).T)] = EMPTY
        if not chain(board, place)[1]:
            board[place] = EMPTY
    return board


def in_atari(board: Tensor) -> Tensor:
    """The stones whose chains have one liberty left, by the rules: bool [19, 19]."""
    atari = torch.zeros(board.shape, dtype=torch.bool)
    for row, column in (board != EMPTY).nonzero().tolist():
        atari[row, column] = len(chain(board, (row, column))[1]) == 1
    return atari


def planes(board: Tensor) -> Tensor:
    """The board as a picture [1, 3, 19, 19]: empty points, black and white stones."""
    return torch.stack([board == c for c in (EMPTY, BLACK, WHITE)]).float()[None]


def atari_by_convolution(board: Tensor, layers: int) -> Tensor:
    """`in_atari` by `layers` convolutions that find each chain: bool [19, 19].

    A mark spreads from every stone at once, as a batch, to neighbours of its colour,
    one point per layer; one more convolution finds the chain's liberties. With 0 layers
    each stone is taken for a chain of its own.
    """
    rows, columns = (board != EMPTY).nonzero().T
    own = (board == board[rows, columns][:, None, None]).float()[:, None]
    marks = F.one_hot(rows * SIDE + columns, SIDE**2).view(-1, 1, SIDE, SIDE).float()
    for _ in range(layers):
        marks = ((marks + _near(marks)) > 0) * own
    liberties = ((_near(marks) > 0) & (board == EMPTY)).sum((1, 2, 3))
    atari = torch.zeros(board.shape, dtype=torch.bool)
    atari[rows, columns] = liberties == 1
    return atari


def _near(marks: Tensor) -> Tensor:
    """How many of the four neighbours are marked: [B, 1, 19, 19]."""
    return F.conv2d(marks, CROSS.view(1, 1, 3, 3), padding=1)
