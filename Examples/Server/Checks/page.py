"""Uses the page as a person would, in Chromium, against a server that runs already.

    python page.py http://127.0.0.1:8080 SCREENSHOTS

Needs playwright (PyPI) and Debian's chromium. Ends with status 1 where anything is not as expected.
"""
import pathlib
import sys

from playwright.sync_api import expect, sync_playwright

HOSTILE = '<img src=x onerror="document.title=1"></textarea><script>document.title=2</script> \u202e great'
ROWS = 10_000


def classify(page):
    page.get_by_label("Type or paste a text").fill("Slow at first, but what an ending! I liked it.")
    verdict = page.locator("#verdict")
    expect(verdict).to_contain_text("%")
    expect(page.locator("#sentences tbody tr")).to_have_count(2)
    expect(page.locator("#words")).to_have_text("Slow at first, but what an ending! I liked it.")


def stay_text(page):
    page.get_by_label("Type or paste a text").fill(HOSTILE)
    expect(page.locator("#words")).to_have_text(HOSTILE)
    assert page.title() == "senti" and page.locator("#words img, #words script").count() == 0


def cancel_what_is_old(page):
    """Of texts that are typed fast only the last one is shown, however slow the first answer is."""
    held = []
    page.route("**/v1/explain", lambda route: held.append(route) if not held else route.continue_())
    box = page.get_by_label("Type or paste a text")
    box.fill("First, and slow.")
    page.wait_for_timeout(400)
    box.fill("Second.")
    expect(page.locator("#words")).to_have_text("Second.")
    page.unroute("**/v1/explain")


def use_keys(page):
    page.get_by_role("button", name="Where is the nearest station?").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#words")).to_have_text("Where is the nearest station?")


def score(page, folder):
    rows = ["id,text"] + [
        f'{n},"Row {n}, ""{"great" if n % 3 else "awful"}"",\nin two lines"' for n in range(ROWS)]
    table = folder / "rows.csv"
    table.write_text("\n".join(rows) + "\n")
    page.locator("#file").set_input_files(table)
    expect(page.locator("#field")).to_have_value("text")
    page.get_by_role("button", name="Score it").click()
    expect(page.locator("#report")).to_be_visible(timeout=240_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the scored rows").click()
    scored = pathlib.Path(download.value.path()).read_text()
    assert scored.startswith("id,text,label,probability,score,error\n")
    assert scored.count("in two lines") == ROWS and scored.count("\nid,text") == 0
    expect(page.locator("#progress-text")).to_contain_text("100.0 %")
    expect(page.locator("#worst li")).to_have_count(10)
    expect(page.get_by_role("button", name="Cancel")).to_be_hidden()


def tell_what_is_wrong(page, folder):
    table = folder / "empty.csv"
    table.write_text("a\n\n")
    page.locator("#file").set_input_files(table)
    page.route("**/v1/classify**", lambda route: route.abort())
    table.write_text("a\nb\n")
    page.locator("#file").set_input_files(table)
    page.get_by_role("button", name="Score it").click()
    expect(page.locator("#table-problem")).to_be_visible()


def main(url, folder):
    folder.mkdir(parents=True, exist_ok=True)
    problems = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, width, scheme in [("desk", 1200, "light"), ("phone", 360, "dark")]:
            page = browser.new_page(
                viewport={"width": width, "height": 900}, color_scheme=scheme, accept_downloads=True)
            page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: problems.append(str(error)))
            page.goto(url)
            for check in (classify, use_keys, stay_text, cancel_what_is_old, classify):
                check(page)
            if name == "desk":
                score(page, folder)
            page.screenshot(path=folder / f"{name}.png", full_page=True)
            overflow = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert not overflow, f"{name}: the page is wider than the screen"
            assert not problems, problems
            tell_what_is_wrong(page, folder)
            problems.clear()
            page.close()
        browser.close()
    print("the page is as expected")


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
