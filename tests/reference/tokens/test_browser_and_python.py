"""The browser and Python sign and verify each other; without Node these tests say so and skip."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import anello.protect.tokens
from anello.protect.tokens import blind_rsa, codes, pseudonym, token
from anello.protect.tokens.key import key_hash, new_key, public_der, save

BROWSER = Path(anello.protect.tokens.__file__).parent / "browser"
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed: browser side untested")


@pytest.fixture(scope="module")
def key():
    return new_key()


@pytest.fixture(scope="module")
def pkcs8(key, tmp_path_factory):
    path = tmp_path_factory.mktemp("key") / "key.pem"
    save(key, path)
    found = serialization.load_pem_private_key(path.read_bytes(), None)
    kind = serialization.PrivateFormat.PKCS8
    bare = serialization.NoEncryption()
    return found.private_bytes(serialization.Encoding.DER, kind, bare).hex()


@pytest.fixture(scope="module")
def browser():
    script = Path(__file__).with_name("browser_side.mjs")
    with subprocess.Popen(
        [NODE, str(script), str(BROWSER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def ask(verb, **values):
            process.stdin.write(json.dumps({"verb": verb, **values}) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield ask
        process.stdin.close()


def test_the_vendored_files_have_the_hashes_that_were_written_down():
    listed = (BROWSER / "SHA256SUMS").read_text("utf-8").splitlines()
    told = {name: digest for digest, name in (line.split(maxsplit=1) for line in listed)}
    found = {
        str(path.relative_to(BROWSER)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (BROWSER / "blindrsa").rglob("*.js")
    }
    assert found == told
    assert len(found) == 6


def test_nothing_in_the_browser_side_fetches_from_elsewhere():
    for path in BROWSER.rglob("*.js"):
        text = path.read_text("utf-8")
        assert "fetch(" not in text
        assert "XMLHttpRequest" not in text
        assert "from 'http" not in text


@needs_node
def test_a_token_drawn_in_the_browser_is_signed_and_admitted_by_python(browser, key):
    der = public_der(key.public)
    assert browser("key", der=der.hex(), hash=key_hash(key.public)) == {}
    drawn = browser("draw", campaign="spring")
    signed = blind_rsa.blind_sign(key, bytes.fromhex(drawn["blinded"]))
    made = browser("finish", signature=signed.hex())
    found = token.read(made["whole"], key.public, "spring")
    assert found.code.hex() == drawn["code"]
    assert codes.read(made["short"]) == found.code
    assert token.written(found) == made["whole"]


@needs_node
def test_the_browser_takes_no_key_but_the_printed_one(browser, key):
    other = key_hash(new_key(1024).public)
    assert browser("key", der=public_der(key.public).hex(), hash=other) == {"error": "wrong key"}


@needs_node
@pytest.mark.parametrize("name", list(blind_rsa.VARIANTS))
def test_what_python_blinds_the_browser_signs(browser, key, pkcs8, name):
    variant = blind_rsa.VARIANTS[name]
    prepared = blind_rsa.prepare(variant, b"a message with entropy 8437")
    blinded = blind_rsa.blind(variant, key.public, prepared)
    signed = browser("sign", suite=name, pkcs8=pkcs8, blinded=blinded.message.hex())
    assert signed["signature"] == blind_rsa.blind_sign(key, blinded.message).hex()
    signature = blind_rsa.finalize(
        variant, key.public, prepared, bytes.fromhex(signed["signature"]), blinded.inv
    )
    der = public_der(key.public).hex()
    told = {"suite": name, "der": der, "signature": signature.hex()}
    assert browser("verify", prepared=prepared.hex(), **told) == {"holds": True}
    assert browser("verify", prepared=prepared.hex() + "00", **told) == {"holds": False}


@needs_node
@pytest.mark.parametrize("name", list(blind_rsa.VARIANTS))
def test_what_the_browser_blinds_python_signs(browser, key, name):
    variant = blind_rsa.VARIANTS[name]
    prepared = blind_rsa.prepare(variant, b"a message with entropy 1297")
    made = browser("blind", suite=name, der=public_der(key.public).hex(), prepared=prepared.hex())
    signed = blind_rsa.blind_sign(key, bytes.fromhex(made["blinded"]))
    inv = bytes.fromhex(made["inv"])
    assert blind_rsa.finalize(variant, key.public, prepared, signed, inv)


@needs_node
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(secret=st.binary(min_size=16, max_size=16))
def test_codes_and_panel_names_are_the_same_on_both_sides(browser, secret):
    code = codes.written(secret)
    assert browser("written", secret=secret.hex()) == {"code": code}
    assert browser("read", code=code.lower().replace("0", "o")) == {"secret": secret.hex()}
    name = browser("pseudonym", phrase=code, organisation="Caffè", series="2026")
    assert name == {"name": pseudonym.pseudonym(code, "Caffè", "2026")}


@needs_node
def test_the_browser_finds_a_mistyped_sign_too(browser):
    code = codes.written(bytes(range(16)))
    wrong = ("1" if code[0] == "0" else "0") + code[1:]
    assert browser("read", code=wrong) == {"error": "mistyped"}
