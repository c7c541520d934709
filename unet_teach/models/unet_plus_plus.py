"""U-Net++: U-Nets of every depth in one network, sharing all they can; cut off what is too deep, and it answers.

A node (i, j) stands on level i and is reached after j steps up. It reads all nodes of its level before it, and the one
below, enlarged. Nodes (i, 0) are the encoder; the nodes (0, 1), (0, 2) ... each end a U-Net of that depth, and each has
a head. Introduced in chapter 13.

Source: Zhou et al. (2018), UNet++, and (2020), with deep supervision and pruning. Theirs enlarges by interpolation;
here, as in the course's U-Net, by an up-convolution, so that the network cut to depth 1 is a U-Net of depth 1.
"""

import torch
from torch import Tensor, nn

from unet_teach._checks import whole
from unet_teach.models._images import require_images, require_several
from unet_teach.models.initialise import he_initialise
from unet_teach.models.unet import CONV, POOL, UP, Block, require_divisible


class UNetPlusPlus(nn.Module):
    """A nested U-Net with a head for each depth. Arguments as of `UNet`.

    Raises
    ------
    ValueError
        As `UNet` does.

    Source: Zhou et al. (2018), figure 1a; see above for what differs. Introduced in chapter 13.
    """

    def __init__(self, in_channels: int = 1, classes: int = 2, width: int = 16, depth: int = 3, dims: int = 2) -> None:
        super().__init__()
        dims = whole("dims", dims)
        if dims not in CONV:
            raise ValueError(f"dims must be 2 (images) or 3 (volumes), got {dims}")
        named = {"in_channels": in_channels, "classes": classes, "width": width, "depth": depth}
        in_channels, classes, width, depth = (whole(name, value) for name, value in named.items())
        if min(in_channels, classes, width, depth) < 1:
            raise ValueError(
                f"in_channels, classes, width and depth start at 1, got {in_channels, classes, width, depth}"
            )
        c = [width * 2**level for level in range(depth + 1)]
        self.depth, self.sizes = depth, (in_channels, classes, width)
        self.pool = POOL[dims](2)
        self.encoder = nn.ModuleList(Block(a, b, dims) for a, b in zip([in_channels, *c[:-1]], c, strict=True))
        # ups[i][j - 1] and nodes[i][j - 1] belong to node (i, j)
        self.ups = nn.ModuleList(
            nn.ModuleList(UP[dims](c[i + 1], c[i], kernel_size=2, stride=2) for _ in range(depth - i))
            for i in range(depth)
        )
        self.nodes = nn.ModuleList(
            nn.ModuleList(Block((j + 1) * c[i], c[i], dims) for j in range(1, depth - i + 1)) for i in range(depth)
        )
        self.heads = nn.ModuleList(CONV[dims](c[0], classes, kernel_size=1) for _ in range(depth))
        he_initialise(self)
        if dims == 2:  # as in `UNet`
            self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, x: Tensor) -> Tensor:
        """Segment images; every side must be a multiple of 2**depth.  (N, C, H, W) -> (N, classes, H, W)

        Raises
        ------
        TypeError, ValueError
            As `UNet.require_legal` does.
        """
        return self.at_every_depth(x)[-1]

    def at_every_depth(self, x: Tensor) -> list[Tensor]:
        """Return the logits of each head, from the U-Net of depth 1 to the whole: what deep supervision trains.

        Raises
        ------
        TypeError, ValueError
            As `UNet.require_legal` does.
        """
        require_images(x, self)
        require_divisible(x.shape[2:], 2**self.depth)
        require_several(x, self.encoder[-1], 2**self.depth)
        rows: list[list[Tensor]] = []  # rows[i] holds the nodes (i, 0), (i, 1) ... that are there
        answers = []
        for level, stage in enumerate(self.encoder):  # one step down, then up to the top along a diagonal
            x = stage(self.pool(x) if level else x)  # (N, c·2^i, H/2^i, W/2^i)
            rows.append([x])
            for i in reversed(range(level)):
                j = level - i
                enlarged = self.ups[i][j - 1](rows[i + 1][-1])  # type: ignore[index]
                rows[i].append(self.nodes[i][j - 1](torch.cat([*rows[i], enlarged], dim=1)))  # type: ignore[index]
            if level:
                answers.append(self.heads[level - 1](rows[0][-1]))
        return answers

    def cut_to(self, depth: int) -> "UNetPlusPlus":
        """Return the network without all that a U-Net of this depth does not need; weights are copied.

        Raises
        ------
        ValueError
            If the depth is not from 1 to the network's own.
        """
        depth = whole("depth", depth)
        if not 1 <= depth <= self.depth:
            raise ValueError(f"the network can be cut to a depth from 1 to {self.depth}, got {depth}")
        weights = self.state_dict()
        head = weights["heads.0.weight"]
        shallow = UNetPlusPlus(*self.sizes, depth, dims=head.ndim - 2).to(head)
        shallow.load_state_dict({name: weights[name] for name in shallow.state_dict()})
        return shallow.train(self.training)
