"""The page in a real browser: phone and desktop, two languages, light and dark, without script."""

import shutil

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason='needs: pip install -e ".[browser]"')
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium (Debian: chromium)")

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE_AND_DESK = ((1280, "light"), (360, "dark"))
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="module")
def release(nhs_run):
    return nhs_run.release


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


@pytest.fixture
def open_page(browser, release):
    contexts = []

    def open_(name, width=1280, scheme="light", script=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto((release / name).as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        *(("report.html", width, scheme) for width in (1280, 360) for scheme in ("light", "dark")),
        *(
            (name, *view)
            for name in ("report.it.html", "literature.html")
            for view in PHONE_AND_DESK
        ),
    ],
)
def test_no_rule_of_accessibility_is_broken(open_page, name, width, scheme):
    found = axe.Axe().run(open_page(name, width, scheme), options=RULES)
    assert len(found.response["passes"]) > 10
    assert [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found.response["violations"]] == []


@pytest.mark.parametrize("width", [1280, 360, 320])
def test_the_page_never_scrolls_sideways(open_page, width):
    page = open_page("report.html", width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_asks_nobody_for_anything(open_page):
    page = open_page("report.html")
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []
    assert len(page.asked) == 1


def test_without_script_the_page_says_the_same(open_page):
    with_script = open_page("report.html").inner_text("main")
    assert open_page("report.html", script=False).inner_text("main") == with_script


def test_the_keyboard_reaches_every_link_and_table(open_page):
    page = open_page("report.html")
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.outerHTML.slice(0, 60)"))
    assert any("<summary" in html for html in reached)
    assert any('href="report.it.html"' in html for html in reached)


def test_on_a_phone_the_picture_is_a_list(open_page):
    picture = "svg.chain"
    assert open_page("report.html", 1280).locator(picture).first.is_visible()
    assert not open_page("report.html", 360).locator(picture).first.is_visible()
