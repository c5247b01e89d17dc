"""What is wrong with a share or with shares together, in sentences for whoever types them from paper."""

from whistle.crypto.shares import ShareError


def said(error: ShareError) -> str:
    """A sentence that says what is wrong and what to do. It names a word only where that word is none of any share."""
    match error.kind:
        case "unknown":
            near = f" Did you mean {' or '.join(error.suggestions)}?" if error.suggestions else ""
            return f"Word {error.position}, {error.word!r}, is no word of any share.{near}"
        case "length":
            return f"A share has {error.needed} words; these are {error.have}."
        case "checksum":
            return "A word was misread, though it is one of the list: compare each word with the paper."
        case "foreign":
            return "This is a share of something else: Peluit makes no such share."
        case "none":
            return "No share was given."
        case "twice":
            return "This share was given already: another one is needed."
        case "other_set":
            return "This share is of another key, or of another time when the key was split."
        case "too_few":
            return f"{error.needed} shares are needed; only {error.have} were given."
        case "together":
            return "These shares do not belong together: one of them was not made with the others."
