"""Files on which other readers went wrong, one per bug; the numbers are those of spec-notes."""


def make(out):
    out.area = "bug"
