"""From the invitation to the answer: issued in one batch, admitted without a name."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anello.model.errors import AnelloError, OutputError, RefusedError, SourceError
from anello.protect.tokens import codes, key, token
from anello.protect.tokens.blind_rsa import RANDOMIZED, blind, finalize, prepare
from anello.protect.tokens.draw import draw, finish
from anello.protect.tokens.eligible import overfull
from anello.protect.tokens.issue import IssueBook
from anello.protect.tokens.pseudonym import new_phrase, pseudonym
from anello.protect.tokens.register import Register

STAFF = [f"person {i}" for i in range(8)]
KEY = key.new_key()
PRINTED = key.key_hash(KEY.public)


@pytest.fixture
def book(tmp_path):
    return IssueBook(tmp_path / "issue", KEY.public, STAFF)


@pytest.fixture
def register(tmp_path):
    return Register(tmp_path / "register", "spring", KEY.public)


def drawn_by_all(book, staff=STAFF):
    drawn = {p: draw(KEY.public, PRINTED, "spring") for p in staff}
    for person, d in drawn.items():
        book.ask(person, d.blinded.message)
    return drawn


def tokens(book):
    drawn = drawn_by_all(book)
    book.sign_batch(KEY)
    return {p: finish(KEY.public, d, book.collect(p)) for p, d in drawn.items()}


def test_everybody_who_asked_in_the_week_before_answers_with_qr_or_code(book, register):
    for held in tokens(book).values():
        known = register.admit(token.written(held))
        short = codes.written(held.code)
        with pytest.raises(RefusedError, match="has this code"):
            register.admit(short)
        register.hand_in(token.digest("spring", held.code), held.prefix, held.signature)
        assert register.admit(short) == known
        assert register.admit(short.lower()) == known


def test_the_text_of_a_qr_has_only_capitals_digits_and_a_dash(book):
    text = token.written(next(iter(tokens(book).values())))
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")
    assert len(text) < 520


def test_the_issuer_sees_nothing_that_the_answer_carries(book, tmp_path):
    held = tokens(book)
    written = (tmp_path / "issue").read_bytes()
    for person, t in held.items():
        for secret in (t.code, t.prefix, t.signature, token.digest("spring", t.code)):
            assert secret not in written
            assert secret.hex().encode() not in written
        assert person.encode() not in written


def test_every_token_fits_every_request_so_the_issuer_cannot_match_them(book):
    """For each pair there is a blinding that leads from the one to the other: no link at all."""
    n, e = KEY.public.n, KEY.public.e
    drawn = drawn_by_all(book)
    book.sign_batch(KEY)
    held = [finish(KEY.public, d, book.collect(p)) for p, d in drawn.items()]
    for t in held:
        for person, d in drawn.items():
            z, s = int.from_bytes(book.collect(person)), int.from_bytes(t.signature)
            r = z * pow(s, -1, n) % n
            m = pow(s, e, n)
            assert m * pow(r, e, n) % n == int.from_bytes(d.blinded.message)


def test_who_is_not_invited_gets_no_signature(book):
    with pytest.raises(RefusedError, match="invited"):
        book.ask("a stranger", draw(KEY.public, PRINTED, "spring").blinded.message)


def test_a_lost_code_is_drawn_again_until_the_batch_and_never_after(book):
    drawn_by_all(book)
    again = draw(KEY.public, PRINTED, "spring")
    book.ask(STAFF[0], again.blinded.message)
    assert book.collect(STAFF[0]) is None
    assert book.sign_batch(KEY) == 8
    assert finish(KEY.public, again, book.collect(STAFF[0])).code == again.code
    with pytest.raises(RefusedError, match="already signed"):
        book.ask(STAFF[1], again.blinded.message)


def test_the_batch_is_signed_once_and_survives_a_new_process(book, tmp_path):
    drawn_by_all(book)
    book.sign_batch(KEY)
    other = IssueBook(tmp_path / "issue", KEY.public, STAFF)
    assert other.sign_batch(KEY) == 8
    assert [other.collect(p) for p in STAFF] == [book.collect(p) for p in STAFF]


def test_four_requests_are_too_few_to_hide_among(book):
    drawn_by_all(book, STAFF[:4])
    with pytest.raises(RefusedError, match="Only 4 people"):
        book.sign_batch(KEY)


def test_an_issuer_with_a_second_key_is_found_out_by_the_printed_hash(book):
    other = key.new_key(1024)
    with pytest.raises(RefusedError, match="not the key printed"):
        draw(other.public, PRINTED, "spring")
    drawn_by_all(book)
    with pytest.raises(RefusedError, match="not the key of this campaign"):
        book.sign_batch(other)


def test_a_token_of_one_survey_opens_no_other(book, tmp_path):
    held = next(iter(tokens(book).values()))
    with pytest.raises(RefusedError, match="another survey"):
        Register(tmp_path / "autumn", "autumn", KEY.public).admit(token.written(held))


@pytest.mark.parametrize("change", [lambda t: t[:-8], lambda t: t + "A", lambda t: t[:-2] + "1!"])
def test_a_token_that_was_cut_off_is_told_from_one_that_is_false(book, register, change):
    text = token.written(next(iter(tokens(book).values())))
    with pytest.raises(SourceError, match="cut off"):
        register.admit(change(text))


def test_one_signature_over_a_long_message_is_not_three_votes(book, register):
    drawn_by_all(book)
    three = [codes.new_secret() for _ in range(3)]
    digests = b"".join(token.digest("spring", code) for code in three)
    prepared = prepare(RANDOMIZED, digests)
    blinded = blind(RANDOMIZED, KEY.public, prepared)
    book.ask(STAFF[0], blinded.message)
    book.sign_batch(KEY)
    signed = finalize(RANDOMIZED, KEY.public, prepared, book.collect(STAFF[0]), blinded.inv)
    with pytest.raises(RefusedError, match="not issued by this one"):
        register.hand_in(digests, prepared[:32], signed)
    with pytest.raises(RefusedError, match="not issued by this one"):
        register.hand_in(digests[32:], prepared[:64], signed)
    for code in three:
        with pytest.raises(RefusedError, match="has this code"):
            register.admit(codes.written(code))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=80), st.text(max_size=80).map(lambda t: "ANELLO1-" + t)))
def test_whatever_stands_in_the_form_field_gets_a_sentence(register, text):
    with pytest.raises(AnelloError):
        register.admit(text)


def test_an_invented_token_is_refused(register):
    invented = token.Token(bytes(16), bytes(32), bytes(KEY.public.size))
    with pytest.raises(RefusedError, match="not issued by this one"):
        register.admit(token.written(invented))


def test_cards_answer_by_their_code_and_only_digests_are_stored(register, tmp_path):
    cards = register.print_cards(50)
    assert len({register.admit(card) for card in cards}) == 50
    written = (tmp_path / "register").read_bytes()
    for card in cards:
        assert codes.read(card) not in written
        assert card.encode() not in written


def test_the_stored_order_of_cards_is_not_the_printed_one(register, tmp_path):
    cards = register.print_cards(50)
    payload = (tmp_path / "register").read_bytes()
    places = [payload.index(token.digest("spring", codes.read(c))) for c in cards]
    assert places != sorted(places)


def test_a_card_of_another_survey_is_refused(register, tmp_path):
    other = Register(tmp_path / "other", "autumn")
    with pytest.raises(RefusedError, match="another survey"):
        register.admit(other.print_cards(1)[0])


def test_a_second_process_knows_the_cards_at_once(register, tmp_path):
    other = Register(tmp_path / "register", "spring", KEY.public)
    assert other.admit(register.print_cards(1)[0])


def test_after_close_neither_key_nor_book_nor_register_is_left(book, register, tmp_path):
    drawn_by_all(book)
    card = register.print_cards(1)[0]
    key.save(KEY, tmp_path / "key.pem")
    key.destroy(tmp_path / "key.pem")
    book.destroy()
    register.destroy()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(RefusedError):
        Register(tmp_path / "register", "spring", KEY.public).admit(card)


def test_a_key_file_is_private_comes_back_and_is_never_written_over(tmp_path):
    path = tmp_path / "key.pem"
    key.save(KEY, path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert key.load(path) == KEY
    with pytest.raises(OutputError, match="cannot be written"):
        key.save(key.new_key(1024), path)


def test_a_file_that_is_no_key_is_told(tmp_path):
    (tmp_path / "key.pem").write_bytes(b"no key")
    with pytest.raises(SourceError, match="not a signing key"):
        key.load(tmp_path / "key.pem")


def test_thirteen_answers_of_twelve_people_block_the_unit():
    found = overfull({"A": 13, "B": 12, "C": 1}, {"A": 12, "B": 12})
    assert [(o.unit, o.answers, o.eligible) for o in found] == [("A", 13, 12), ("C", 1, 0)]


def test_a_panel_name_is_the_same_in_a_series_and_unrelated_in_the_next():
    phrase = new_phrase()
    assert pseudonym(phrase, "acme", "2026") == pseudonym(phrase.lower(), "acme", "2026")
    names = {
        pseudonym(p, o, s)
        for p in (phrase, new_phrase())
        for o in ("acme", "acm")
        for s in ("2026", "e2026")
    }
    assert len(names) == 8


def test_a_mistyped_phrase_gives_no_new_name():
    with pytest.raises(SourceError, match="mistyped"):
        pseudonym("1000-0000-0000-0000-0000-0000-0000", "acme", "2026")


def linked(issue_hours, answer_hours):
    """Return the share that an observer links by pairing each answer with the last issue before."""
    right = 0
    for person, at in enumerate(answer_hours):
        before = [(hour, p) for p, hour in enumerate(issue_hours) if hour <= at]
        right += bool(before) and max(before)[1] == person
    return right / len(answer_hours)


def test_issue_and_use_at_once_is_linked_by_time_and_batch_issue_is_not():
    random = Random(1)
    issue = [random.uniform(0, 40) for _ in range(400)]
    at_once = linked(issue, [hour + random.expovariate(60) for hour in issue])
    batch = linked([0.0] * 400, [random.uniform(1, 40) for _ in range(400)])
    assert at_once > 0.5
    assert batch <= 1 / 400
