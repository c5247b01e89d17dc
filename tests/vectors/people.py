"""Vectors of what belongs to a person: receipts, vaults, sessions, tokens, shares, the root key's file."""

import os
from unittest.mock import patch

from tests.vectors.inputs import INSTALLATION, KEY, Vectors, fixed
from whistle.crypto import receipt, root_file, shares, tokens, vault
from whistle.crypto.fingerprint import fingerprint
from whistle.crypto.recovery import RecoveryKeys
from whistle.crypto.shares import Split


def receipts(_: Vectors) -> Vectors:
    entropies = [bytes(11), b"\xff" * 11, fixed("receipt", 11)]
    made = [receipt.from_entropy(entropy) for entropy in entropies]
    words = made[2].words
    typed = [
        "-".join(words),
        "\n".join(f"{number}. {word.upper()}" for number, word in enumerate(words, 1)),
        " ".join(word[:4] for word in words),
        f"  {', '.join(words)}.",
        "\u200e" + "".join(f" {word[:3]}\u00ad{word[3:]}" for word in words) + "\ufeff",
    ]
    return {
        "about": "Receipts, their keys, and ways of typing the third one. `refused` is no receipt.",
        "vectors": [_receipt_vector(one) for one in made] + [{"typed": t, "words": str(made[2])} for t in typed],
        "refused": [
            {"why": "too_few", "typed": " ".join(words[:7])},
            {"why": "too_many", "typed": " ".join((*words, words[0]))},
            {"why": "unknown", "typed": " ".join((*words[:4], "xqzvw", *words[5:])), "position": 5, "word": "xqzvw"},
        ],
    }


def _receipt_vector(one: receipt.Receipt) -> dict[str, str]:
    keys = receipt.keys_of(one, INSTALLATION)
    return {
        "entropy": one.entropy.hex(),
        "words": str(one),
        "installation": INSTALLATION.hex(),
        "root": keys.root.hex(),
        "lookup_hash": keys.lookup_hash.hex(),
        "hpke_seed": keys.hpke_seed.hex(),
        "hpke_public": keys.hpke_public.hex(),
        "signing_seed": keys.signing_seed.hex(),
        "signing_public": keys.signing_public.hex(),
        "blinding": keys.blinding.hex(),
    }


def fingerprints(_: Vectors) -> Vectors:
    keys = (fixed("hpke public", 1216), fixed("sign public", 32), fixed("dual hash", 32))
    other = (*keys[:2], fixed("another dual hash", 32))
    return {
        "about": "The six words of an officer's three public keys; `dual` is the SHA-256 of the dual public key.",
        "vectors": [
            {"hpke": hpke.hex(), "sign": sign.hex(), "dual": dual.hex(), "words": list(fingerprint(hpke, sign, dual))}
            for hpke, sign, dual in (keys, other)
        ],
    }


def vaults(_: Vectors) -> Vectors:
    params, password, secret = vault.KdfParams(64, 2, 1), "sandi café 7", fixed("session secret", 32)
    record, key = vault.create_vault(password, params)
    purposes: tuple[vault.Purpose, ...] = ("private", "totp", "grants", "root")
    locked = vault.lock(key, "private", b"seeds", b"officer")
    return {
        "about": "A vault (with cheap parameters), its subkeys, something locked, a session.",
        "vectors": [
            {"password": password, "record": record.to_bytes().decode(), "vault_key": key.hex()},
            {"vault_key": key.hex(), "subkeys": {name: vault.subkey(key, name).hex() for name in purposes}},
            {
                "vault_key": key.hex(),
                "purpose": "private",
                "context": b"officer".hex(),
                "plaintext": b"seeds".hex(),
                "locked": locked.hex(),
            },
            {
                "secret": secret.hex(),
                "session_id": vault.session_id(secret).hex(),
                "context": b"officer".hex(),
                "vault_key": key.hex(),
                "locked": vault.session_lock(secret, key, b"officer").hex(),
            },
        ],
        "refused": [{"why": "another password", "password": "sandi cafe 7", "record": record.to_bytes().decode()}],
    }


def token(_: Vectors) -> Vectors:
    common = {"key": KEY.hex(), "purpose": "receipt", "context": b"\0\0\0\1".hex()}
    text = tokens.seal_token(KEY, "receipt", b"payload", b"\0\0\0\1")
    return {
        "about": "Tokens, base64url without padding.",
        "vectors": [{**common, "payload": b"payload".hex(), "token": text}],
        "refused": [
            {"why": "another purpose", **common, "purpose": "follow-up", "token": text},
            {"why": "another context", **common, "context": b"\0\0\0\2".hex(), "token": text},
            {"why": "padded", **common, "token": text + "="},
        ],
    }


def recovery(_: Vectors) -> Vectors:
    keys = RecoveryKeys(fixed("recovery secret", 32))
    with patch("shamir_mnemonic.shamir.RANDOM_BYTES", lambda length: os.urandom(length)):  # the fixed stream
        made = [str(one) for one in shares.split(keys.secret, Split(3, 5))]
        other = [str(one) for one in shares.split(KEY, Split(3, 5))]
    words = made[0].split()
    return {
        "about": "A recovery secret, its keys, and its five shares of which any three combine. `refused` does not.",
        "vectors": [
            {"secret": keys.secret.hex(), "signing_seed": keys.signing_seed.hex(), "public": keys.public.hex()},
            *({"shares": some, "secret": keys.secret.hex()} for some in (made[:3], made[2:], made[4:] + made[0:3:2])),
            {"typed": ", ".join(f"{at}. {word[:4].upper()}" for at, word in enumerate(words, 1)), "words": words},
        ],
        "refused": [
            {"why": "too_few", "shares": made[:2]},
            {"why": "twice", "shares": [made[0], made[1], made[0]]},
            {"why": "other_set", "shares": [made[0], made[1], other[2]]},
            {"why": "checksum", "shares": [" ".join((words[1], words[0], *words[2:])), *made[1:3]]},
            {"why": "length", "shares": [" ".join(words[:32]), *made[1:3]]},
            {"why": "unknown", "shares": [" ".join((*words[:8], "xqzv", *words[9:])), *made[1:3]]},
        ],
    }


def root_files(_: Vectors) -> Vectors:
    seed, passphrase = fixed("root seed", 64), "pagar-sungai-meja-langit-batu-daun"
    file, public = root_file.wrap(seed, passphrase, vault.KdfParams(64, 2, 1))
    return {
        "about": "A root key's file (with cheap parameters). `refused` does not open.",
        "vectors": [{"file": file.decode(), "passphrase": passphrase, "seed": seed.hex(), "public": public.hex()}],
        "refused": [
            {"why": "another passphrase", "file": file.decode(), "passphrase": passphrase.replace("meja", "kursi")},
            {"why": "another kind", "file": file.decode().replace("root-key", "other-key"), "passphrase": passphrase},
        ],
    }
