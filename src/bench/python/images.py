"""What both PyTorch scripts share: images as torchvision reads them, and the frozen base."""

import time

import torch
from torch.utils.data import DataLoader, Subset
from torchvision import datasets, models, transforms

FEATURES = 1280


def loaders(folder, size, batch, workers, limit=None):
    """Returns loaders of the training images, shuffled, and of the validation images."""
    prepare = transforms.Compose(
        [
            transforms.Resize((size, size)),
            transforms.ToTensor(),
            transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        ]
    )
    found = []
    for split in ("train", "validation"):
        images = datasets.ImageFolder(f"{folder}/{split}", prepare)
        if limit:
            images = Subset(images, range(0, len(images), max(1, len(images) // limit)))
        found.append(DataLoader(images, batch_size=batch, shuffle=split == "train", num_workers=workers))
    return found


def frozen_base():
    """Returns MobileNetV2 with random weights, which cost the same as trained ones, frozen."""
    base = models.mobilenet_v2(weights=None)
    base.classifier = torch.nn.Identity()
    for parameter in base.parameters():
        parameter.requires_grad = False
    return base.eval()


def head(dropout, units, classes):
    return torch.nn.Sequential(
        torch.nn.Linear(FEATURES, units), torch.nn.ReLU(), torch.nn.Dropout(dropout), torch.nn.Linear(units, classes)
    )


class Timer:
    def __enter__(self):
        self._start = time.monotonic()
        return self

    def __exit__(self, *_):
        self.seconds = time.monotonic() - self._start
