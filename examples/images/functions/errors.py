"""What can go wrong with pictures. A definition's Retry and Catch name these classes."""


class UnreadablePicture(Exception):
    """The file is not a picture, or only part of one."""


class NoPictures(Exception):
    """There is nothing to work on."""


class FilesUnavailable(Exception):
    """A file could not be written; trying again is safe."""
