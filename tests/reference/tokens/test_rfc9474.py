"""Every vector of RFC 9474, Appendix A: all four variants, all of their numbers."""

import json
from math import lcm
from pathlib import Path

import pytest

from anello.model.errors import RefusedError
from anello.protect.tokens import blind_rsa

FILE = json.loads((Path(__file__).parent / "rfc9474.json").read_text("utf-8"))
N, E, D, P, Q = (int(FILE["key"][k], 16) for k in "nedpq")
KEY = blind_rsa.PublicKey(N, E)
PRIVATE = blind_rsa.PrivateKey(KEY, D, P, Q)
VECTORS = [pytest.param(v, id=v["name"]) for v in FILE["vectors"]]


def raw(vector, name):
    return bytes.fromhex(vector[name])


def test_the_appendix_has_one_vector_for_each_variant():
    assert [v["name"] for v in FILE["vectors"]] == list(blind_rsa.VARIANTS)
    assert N == P * Q
    assert E * D % lcm(P - 1, Q - 1) == 1


@pytest.mark.parametrize("vector", VECTORS)
def test_every_step_gives_the_numbers_of_the_appendix(vector):
    variant = blind_rsa.VARIANTS[vector["name"]]
    prepared = blind_rsa.prepare(variant, raw(vector, "msg"), raw(vector, "msg_prefix"))
    assert prepared == raw(vector, "prepared_msg")
    r = pow(int(vector["inv"], 16), -1, N)
    blinded = blind_rsa.blind(variant, KEY, prepared, salt=raw(vector, "salt"), r=r)
    assert blinded.message == raw(vector, "blinded_msg")
    assert blinded.inv == raw(vector, "inv")
    signed = blind_rsa.blind_sign(PRIVATE, blinded.message)
    assert signed == raw(vector, "blind_sig")
    signature = blind_rsa.finalize(variant, KEY, prepared, signed, blinded.inv)
    assert signature == raw(vector, "sig")
    assert blind_rsa.verify(variant, KEY, prepared, signature)


@pytest.mark.parametrize("vector", VECTORS)
def test_a_changed_message_signature_or_salt_length_does_not_verify(vector):
    variant = blind_rsa.VARIANTS[vector["name"]]
    prepared, signature = raw(vector, "prepared_msg"), raw(vector, "sig")
    other = blind_rsa.Variant("other", 48 - variant.salt, variant.prefix)
    assert not blind_rsa.verify(variant, KEY, prepared + b"!", signature)
    assert not blind_rsa.verify(variant, KEY, prepared, signature[:-1] + b"\0")
    assert not blind_rsa.verify(variant, KEY, prepared, signature[:-1])
    assert not blind_rsa.verify(other, KEY, prepared, signature)


def test_two_blindings_of_one_message_look_unrelated_and_both_end_in_a_signature():
    variant, prepared = blind_rsa.RANDOMIZED, blind_rsa.prepare(blind_rsa.RANDOMIZED, b"one")
    one, other = (blind_rsa.blind(variant, KEY, prepared) for _ in range(2))
    assert one.message != other.message
    for blinded in (one, other):
        signed = blind_rsa.blind_sign(PRIVATE, blinded.message)
        assert blind_rsa.finalize(variant, KEY, prepared, signed, blinded.inv)


@pytest.mark.parametrize(
    "hostile", [b"", b"\0" * KEY.size, N.to_bytes(KEY.size), b"\xff" * KEY.size, b"\1" * 10]
)
def test_a_hostile_blinded_message_is_refused(hostile):
    with pytest.raises(RefusedError, match=f"has {KEY.size} bytes"):
        blind_rsa.blind_sign(PRIVATE, hostile)


def test_a_signature_of_another_key_is_refused_when_the_blinding_is_taken_off():
    variant, prepared = blind_rsa.RANDOMIZED, blind_rsa.prepare(blind_rsa.RANDOMIZED, b"one")
    blinded = blind_rsa.blind(variant, KEY, prepared)
    with pytest.raises(RefusedError, match="not one of this campaign's key"):
        blind_rsa.finalize(variant, KEY, prepared, blinded.message, blinded.inv)


def test_a_private_key_does_not_show_itself_in_a_log():
    assert str(D) not in repr(PRIVATE)
    assert str(P) not in repr(PRIVATE)


def test_a_faulty_signing_is_thrown_away_because_it_would_give_the_key_away():
    faulty = blind_rsa.PrivateKey(KEY, D + 2, P, Q)
    with pytest.raises(RefusedError, match="thrown away"):
        blind_rsa.blind_sign(faulty, (12345).to_bytes(KEY.size))
