"""One trial of the sweep as tutorials write it: the frozen base runs over every image again in every epoch.

Measured are whole epochs, training and validation, at each image size; whoever reads the result multiplies. The weights
are random, which does not change the speed, and nothing is downloaded.
"""

import argparse
import json
import os

import torch

from images import Timer, frozen_base, head, loaders


def epoch(model, base, classifier, optimizer, train, validation):
    loss_of = torch.nn.CrossEntropyLoss()
    classifier.train()
    images = 0
    for pixels, labels in train:
        optimizer.zero_grad()
        loss = loss_of(model(pixels), labels)
        loss.backward()
        optimizer.step()
        images += len(labels)
    classifier.eval()
    correct = 0
    with torch.no_grad():
        for pixels, labels in validation:
            correct += (model(pixels).argmax(1) == labels).sum().item()
            images += len(labels)
    return images


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder with train/ and validation/")
    parser.add_argument("--sizes", default="150,224")
    parser.add_argument("--epochs", type=int, default=1, help="epochs to measure at each size")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="processes of the DataLoader")
    parser.add_argument("--limit", type=int, help="about so many images of each split, to try the script")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    measured = {}
    for size in map(int, arguments.sizes.split(",")):
        train, validation = loaders(arguments.data, size, 32, arguments.workers, arguments.limit)
        base = frozen_base()
        classifier = head(0.2, 128, 10)
        model = torch.nn.Sequential(base, classifier)
        optimizer = torch.optim.Adam(classifier.parameters(), lr=0.001)
        with torch.no_grad():
            model(torch.randn(32, 3, size, size))  # the first run allocates
        with Timer() as timer:
            for _ in range(arguments.epochs):
                images = epoch(model, base, classifier, optimizer, train, validation)
        measured[size] = {"seconds_per_epoch": timer.seconds / arguments.epochs, "images": images}
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads(), "sizes": measured}))


if __name__ == "__main__":
    main()
