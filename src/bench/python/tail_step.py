"""Times the steps of a fine-tuning tail in PyTorch: BASE SIZE DEPTH BATCH STEPS THREADS.

The same blocks as Graft trains, from the cut's map on: batch normalisation in inference mode, a head of 128 units with
dropout and 10 classes, Adam. Prints the medians of wall and processor time of a step in
milliseconds.
"""
import statistics
import sys
import time

import torch
from torch import nn
from torchvision import models


class Xception14(nn.Sequential):
    """The last block of Xception, as Keras has it."""

    def __init__(self):
        parts = []
        for before, after in ((1024, 1536), (1536, 2048)):
            parts += [
                nn.Conv2d(before, before, 3, padding=1, groups=before, bias=False),
                nn.Conv2d(before, after, 1, bias=False),
                nn.BatchNorm2d(after, eps=1e-3),
                nn.ReLU(inplace=True),
            ]
        super().__init__(*parts)


def tail(base, size, depth):
    """Returns the blocks, the shape of what they read, and the channels they end in."""
    if base == "mobilenet_v2" and depth == 2:
        side = -(-size // 32)
        return models.mobilenet_v2().features[-3:], (160, side, side), 1280
    if base == "resnet18" and depth == 1:
        side = -(-size // 32)
        return models.resnet18().layer4[1:], (512, side, side), 512
    if base == "xception" and depth == 1 and size == 299:
        return Xception14(), (1024, 10, 10), 2048
    raise SystemExit(f"no tail of {base}, {size} pixels, depth {depth}")


def main():
    base, size, depth, batch, steps, threads = sys.argv[1], *map(int, sys.argv[2:7])
    torch.set_num_threads(threads)
    torch.manual_seed(7)
    blocks, shape, width = tail(base, size, depth)
    model = nn.Sequential(
        blocks,
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(width, 128),
        nn.ReLU(inplace=True),
        nn.Dropout(0.2),
        nn.Linear(128, 10),
    )
    model.train()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()
            module.requires_grad_(False)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=1e-4)
    loss_function = nn.CrossEntropyLoss()
    x = torch.rand(batch, *shape)
    y = torch.arange(batch) % 10
    wall, processor = [], []
    for step in range(5 + steps):
        started = time.perf_counter(), time.process_time()
        optimizer.zero_grad(set_to_none=True)
        loss = loss_function(model(x), y)
        loss.backward()
        optimizer.step()
        loss.item()
        if step >= 5:
            wall.append(time.perf_counter() - started[0])
            processor.append(time.process_time() - started[1])
    print(f"{1e3 * statistics.median(wall):.1f} {1e3 * statistics.median(processor):.1f}")


if __name__ == "__main__":
    main()
