"""Ways in which a file's bytes go wrong: on a bad disk, in a download that broke off, by a hand that meant harm."""


def flipped(stored, random):
    """Change a few bits."""
    spoilt = bytearray(stored)
    for place in random.integers(0, len(stored), random.integers(1, 6)):
        spoilt[place] ^= 1 << random.integers(8)
    return bytes(spoilt)


def cut(stored, random):
    """Lose the end."""
    return stored[: random.integers(len(stored))]


def zeroed(stored, random):
    """Overwrite a stretch with zeros."""
    start = random.integers(len(stored))
    length = min(int(random.integers(1, 200)), len(stored) - start)
    return stored[:start] + bytes(length) + stored[start + length :]


def repeated(stored, random):
    """Have a stretch twice, so that all behind it is moved."""
    start, end = sorted(random.integers(0, len(stored), 2))
    return stored[:end] + stored[start:]


def lost(stored, random):
    """Lose a stretch in the middle, so that all behind it is moved."""
    start, end = sorted(random.integers(0, len(stored), 2))
    return stored[:start] + stored[min(end, start + 40) :]


def swollen(stored, random):
    """Write the largest or the smallest number somewhere near the beginning, where sizes stand."""
    spoilt = bytearray(stored)
    width = int(random.choice([1, 2, 4, 8]))
    start = int(random.integers(min(len(stored), 400)))
    number = random.choice([b"\xff", b"\x7f", b"\x80", b"\x00"]) * width
    spoilt[start : start + width] = number
    return bytes(spoilt[: len(stored)])


def shuffled(stored, random):
    """Exchange two blocks, as a disk may."""
    size = max(1, min(512, len(stored) // 4))
    first, second = (int(place) * size for place in random.integers(0, max(1, len(stored) // size), 2))
    spoilt = bytearray(stored)
    spoilt[first : first + size], spoilt[second : second + size] = (
        stored[second : second + size],
        stored[first : first + size],
    )
    return bytes(spoilt[: len(stored)])


def something_else(stored, random):
    """Be another file altogether: empty, a web page, a text, noise."""
    others = [b"", b"<!DOCTYPE html><title>Log in</title>", "ä;ö;1,5\n".encode("latin-1"), random.bytes(len(stored))]
    return others[random.integers(len(others))]


DAMAGES = [flipped, cut, zeroed, repeated, lost, swollen, shuffled, something_else]
