"""Checks a night's report in headless Chromium, with the DevTools protocol over a pipe. Called by ci/check-report."""

import base64
import json
import os
import pathlib
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

# Name, width and height in CSS pixels, device pixels per CSS pixel.
SCREENS = [("desktop", 1280, 900, 1), ("phone", 390, 844, 2)]
SCHEMES = ["light", "dark"]
# The height of a screenshot in CSS pixels: longer pages are split, since textures have a maximum size.
PIECE = 3600
SECONDS = 60

# Returns what is wrong with the page, one line each. `width` is the screen's.
INSPECT = r"""
(width => {
  const found = [];
  const box = element => element.getBoundingClientRect();
  const listed = document.querySelector('meta[name="figures"]');
  if (!listed) found.push('no <meta name="figures">');
  const names = listed ? listed.content.split(/\s+/).filter(Boolean) : [];
  for (const name of names) {
    const figure = document.getElementById(name);
    if (!figure || figure.tagName !== 'FIGURE') { found.push(`figure ${name} is missing`); continue; }
    const drawings = [...figure.querySelectorAll('svg[role="img"]')];
    if (!drawings.length) found.push(`figure ${name} has no drawing`);
    for (const drawn of [figure, ...drawings]) {
      const { width, height } = box(drawn);
      if (!(width > 0 && height > 0)) found.push(`figure ${name}: <${drawn.tagName.toLowerCase()}> is empty`);
    }
    for (const drawing of drawings) {
      if (!drawing.querySelector('path, rect, line')) found.push(`figure ${name}: a drawing without a line`);
    }
  }
  for (const figure of document.querySelectorAll('figure')) {
    if (!names.includes(figure.id)) found.push(`figure ${figure.id || 'without id'} is not listed`);
  }
  const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) found.push(`id ${id} is used twice`);
  for (const name of names) {
    const figure = document.getElementById(name);
    const link = figure && figure.querySelector('a[download][href^="data:text/csv"]');
    if (figure && !link) { found.push(`figure ${name} has no link to its data`); continue; }
    const rows = figure ? decodeURIComponent(link.href.replace(/^[^,]*,/, '')).trim().split('\n') : [];
    if (figure && rows.length < 2) found.push(`figure ${name}: its data have ${rows.length} lines, expected more`);
  }
  const main = document.querySelector('main');
  if (!main) found.push('no <main>');
  const edge = main ? box(main).right - parseFloat(getComputedStyle(main).paddingRight) : width;
  const ends = (element, right, what) => {
    if (Math.abs(right - edge) > 1) found.push(`${what} "${element.textContent.trim().slice(0, 30)}" ends at `
      + `${Math.round(right)}, expected ${Math.round(edge)}`);
  };
  for (const element of document.querySelectorAll('main p, main table, main pre, main figure, main dl')) {
    if (box(element).width && !element.closest('.panel')) ends(element, box(element).right, `<${element.tagName.toLowerCase()}>`);
  }
  for (const figure of document.querySelectorAll('figure')) {
    const parts = [...figure.querySelectorAll('svg[role="img"], figcaption')].map(part => box(part).right);
    const drawn = [...figure.querySelectorAll('svg[role="img"]')].map(part => box(part).right);
    if (parts.length) ends(figure, Math.max(...(drawn.length > 1 ? drawn : parts)), 'the drawings of');
  }
  for (const cell of document.querySelectorAll('th, td')) {
    const b = box(cell);
    if (b.width && (b.right > width + 0.5 || b.left < -0.5)) found.push(`the cell "${cell.textContent}" is off the screen`);
  }
  const wide = document.documentElement.scrollWidth;
  if (wide > width) {
    const culprits = [...document.body.querySelectorAll('*')].filter(e => box(e).right > width + 0.5
      && !e.closest('.scroll, pre')).slice(0, 3).map(e => `<${e.tagName.toLowerCase()} class="${e.className}">`);
    found.push(`the page is ${wide} wide, expected at most ${width}: ${culprits.join(', ')}`);
  }
  for (const drawing of document.querySelectorAll('svg')) {
    const outer = box(drawing);
    const name = (drawing.closest('figure') || { id: 'none' }).id;
    const texts = [...drawing.querySelectorAll('text')].map(text => [text.textContent, box(text)]);
    texts.forEach(([text, b], index) => {
      if (b.width === 0) return;
      if (b.left < outer.left - 1 || b.right > outer.right + 1 || b.top < outer.top - 1 || b.bottom > outer.bottom + 1)
        found.push(`figure ${name}: "${text}" leaves its drawing`);
      for (const [other, o] of texts.slice(index + 1)) {
        const across = Math.min(b.right, o.right) - Math.max(b.left, o.left);
        const down = Math.min(b.bottom, o.bottom) - Math.max(b.top, o.top);
        if (across > 1 && down > 3) found.push(`figure ${name}: "${text}" and "${other}" cover each other`);
      }
    });
  }
  return found;
})(%d)
"""


class Browser:
    """Chromium, with one tab; messages are JSON, each ended by a zero byte, to its descriptor 3 and from its descriptor 4."""

    def __init__(self):
        program = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
        if program is None:
            sys.exit("ci/check-report: expected chromium, found none")
        self.profile = tempfile.mkdtemp(prefix="signet-check-report-")
        to_read, self.to = os.pipe()
        self.back, back_write = os.pipe()

        def place():
            # Move both to high numbers first, so that neither end of a pipe overwrites the other.
            ends = [os.dup(end) for end in (to_read, back_write)]
            high = [os.dup2(end, 90 + index) for index, end in enumerate(ends)]
            for index, end in enumerate(high):
                os.dup2(end, 3 + index)

        arguments = [
            "--headless=new", "--remote-debugging-pipe", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-extensions",
            "--hide-scrollbars",
            "--user-data-dir=" + self.profile,
        ] + (["--no-sandbox"] if os.getuid() == 0 else [])
        self.log = open(os.path.join(self.profile, "log"), "wb")
        self.process = subprocess.Popen(
            [program, *arguments, "about:blank"], preexec_fn=place, pass_fds=(3, 4), stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log)
        os.close(to_read)
        os.close(back_write)
        self.buffer, self.number, self.session, self.events = b"", 0, None, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.call(domain + ".enable")

    def receive(self, deadline):
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.back], [], [], max(0, deadline - time.monotonic()))
            piece = os.read(self.back, 1 << 16) if ready else b""
            if not piece:
                self.log.flush()
                log = pathlib.Path(self.log.name).read_text(errors="replace")[-2000:]
                sys.exit(f"ci/check-report: no answer from chromium:\n{log}")
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data):]
        deadline = time.monotonic() + SECONDS
        while True:
            answer = self.receive(deadline)
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"ci/check-report: {method}: {answer['error'].get('message')}")
                return answer["result"]
            if "method" in answer:
                self.events.append(answer)

    def load(self, url, width, height, scale, scheme):
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale,
            mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Page.navigate", url="about:blank")
        self.evaluate("0")
        self.events = []
        self.call("Page.navigate", url=url)
        deadline = time.monotonic() + SECONDS
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            answer = self.receive(deadline)
            if "method" in answer:
                self.events.append(answer)

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            sys.exit(f"ci/check-report: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def close(self):
        self.session = None
        try:
            self.call("Browser.close")
            self.process.wait(timeout=10)
        except (OSError, SystemExit, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        self.log.close()
        shutil.rmtree(self.profile, ignore_errors=True)


def complaints(events, url):
    """What the page logged or requested."""
    for event in events:
        method, of = event["method"], event["params"]
        if method == "Runtime.consoleAPICalled" and of["type"] in ("error", "warning", "assert"):
            yield f"console {of['type']}: " + " ".join(str(a.get("value", a.get("description"))) for a in of["args"])
        elif method == "Runtime.exceptionThrown":
            details = of["exceptionDetails"]
            yield "exception: " + details.get("exception", {}).get("description", details["text"])
        elif method == "Log.entryAdded" and of["entry"]["level"] in ("error", "warning"):
            yield f"console {of['entry']['level']}: {of['entry']['text']}"
        elif method == "Network.requestWillBeSent":
            asked = of["request"]["url"]
            if asked.split("#")[0] != url and not asked.startswith("data:"):
                yield f"requests {asked}"
        elif method == "Network.loadingFailed":
            yield f"could not load: {of['errorText']}"


def check(browser, page, screens=SCREENS, schemes=SCHEMES, pictures=None):
    """What is wrong with a page, one line each."""
    found, url = [], pathlib.Path(page).resolve().as_uri()
    for name, width, height, scale in screens:
        for scheme in schemes:
            browser.load(url, width, height, scale, scheme)
            problems = browser.evaluate(INSPECT % width)
            if pictures:
                take(browser, pictures, f"{name}-{scheme}", width)
            # Folded contents must fit, too.
            browser.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
            problems += browser.evaluate(INSPECT % width)
            problems += complaints(browser.events, url)
            background = browser.evaluate("getComputedStyle(document.body).backgroundColor")
            light = sum(map(int, re.findall(r"\d+", background)[:3])) > 3 * 128
            if light != (scheme == "light"):
                problems.append(f"the background is {background}, expected {scheme}")
            found += [f"{name}, {scheme}: {problem}" for problem in dict.fromkeys(problems)]
    return found


def take(browser, folder, name, width):
    height = browser.evaluate("document.documentElement.scrollHeight")
    for index, top in enumerate(range(0, height, PIECE)):
        clip = {"x": 0, "y": top, "width": width, "height": min(PIECE, height - top), "scale": 1}
        picture = browser.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)["data"]
        (pathlib.Path(folder) / f"{name}-{index + 1}.png").write_bytes(base64.b64decode(picture))


SOUND = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="figures" content="one two"><link rel="icon" href="data:,"><title>A sound page</title>
<style>body { background: #fff } @media (prefers-color-scheme: dark) { body { background: #111 } }
figure { margin: 0 } table { width: 100% } svg { display: block; width: 100% }</style></head><body><main>
<table><tbody><tr><th>network</th><td>3.00 %</td></tr></tbody></table>
<figure id="one"><svg viewBox="0 0 100 50" role="img"><path d="M0 0L9 9"/><text x="9" y="20">a</text></svg>
<figcaption><a download="one.csv" href="data:text/csv;charset=utf-8,x,y%0A1,2%0A">data</a></figcaption></figure>
<figure id="two"><svg viewBox="0 0 100 50" role="img"><path d="M0 0L9 9"/><text x="9" y="20">b</text></svg>
<figcaption><a download="two.csv" href="data:text/csv;charset=utf-8,x,y%0A3,4%0A">data</a></figcaption></figure>
<details><summary>more</summary><p>folded</p></details>
</main></body></html>
"""

# Name, the pattern to replace, the replacement, and what the check must report.
BROKEN = [
    ("a figure removed", r'<figure id="two">.*?</figure>', "", "figure two is missing"),
    ("a hidden figure", '<figure id="two">', '<figure id="two" style="display: none">',
     "figure two: <figure> is empty"),
    ("a figure without a drawing", r'(<figure id="two">).*?(</figure>)', r"\1\2", "figure two has no drawing"),
    ("a drawing without lines", r'(id="two".*?)<path[^>]*>', r"\1", "figure two: a drawing without a line"),
    ("a figure that is not listed", 'content="one two"', 'content="one"', "figure two is not listed"),
    ("no list of figures", '<meta name="figures"[^>]*>', "", 'no <meta name="figures">'),
    ("an error on the console", "</body>", "<script>console.error('planted')</script></body>",
     "console error: planted"),
    ("a warning on the console", "</body>", "<script>console.warn('planted')</script></body>",
     "console warning: planted"),
    ("an exception", "</body>", "<script>throw new Error('planted')</script></body>", "exception: Error: planted"),
    ("a wide element", "</body>", '<div style="width: 1500px">wide</div></body>', "expected at most 390: <div"),
    ("a wide folded element", "folded", '<span style="display: block; width: 1500px">wide</span>',
     "expected at most 390"),
    ("a missing picture", "</body>", '<img src="missing.png" alt=""></body>', "could not load"),
    ("a picture from elsewhere", "</body>", '<img src="https://example.invalid/a.png" alt=""></body>',
     "requests https:"),
    ("an id twice", "<details>", '<details id="one">', "id one is used twice"),
    ("a text that leaves its drawing", '<text x="9"', '<text x="99"', '"a" leaves its drawing'),
    ("texts that cover each other", "a</text>", 'a</text><text x="10" y="21">aa</text>', "cover each other"),
    ("numbers beyond the screen", "<table>(.*?)</table>",
     r'<div style="overflow-x: auto"><table style="width: 900px">\1</table></div>', 'the cell "3.00 %" is off the screen'),
    ("a table narrower than the page", "<table>", '<table style="width: 50%">', '<table> "network3.00 %" ends at'),
    ("a paragraph narrower than the page", "<details>", '<p style="max-width: 20ch">narrow</p><details>',
     '<p> "narrow" ends at'),
    ("drawings narrower than the page", '(id="two">)(<svg)', r'\1<svg role="img" viewBox="0 0 9 9" style="width: 40%">'
     r'<path d="M0 0L9 9"/></svg>\2 style="width: 50%"', 'the drawings of "'),
    ("a figure without its data", r'<a download="two.csv".*?</a>', "", "figure two has no link to its data"),
    ("a figure whose data are empty", "x,y%0A3,4%0A", "x,y%0A", "figure two: its data have 1 lines"),
    ("a dark page that is light", "background: #111", "background: #eee", "expected dark"),
]


def self_test(browser):
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "page.html"

        def outcome(source):
            page.write_text(source)
            return check(browser, page, screens=SCREENS[1:], schemes=SCHEMES[1:])

        failures = [f"a sound page: expected nothing, found {problem}" for problem in outcome(SOUND)]
        for name, pattern, by, expected in BROKEN:
            broken = re.sub(pattern, by, SOUND, count=1, flags=re.DOTALL)
            found = outcome(broken)
            if broken == SOUND or not any(expected in problem for problem in found):
                failures.append(f"{name}: expected '{expected}', found {found}")
        print("\n".join(f"ci/check-report: self-test: {f}" for f in failures) or f"{len(BROKEN)} broken pages refused")
        return failures


def main():
    browser = Browser()
    try:
        if sys.argv[1] == "--self-test":
            return 1 if self_test(browser) else 0
        report = pathlib.Path(sys.argv[1])
        if not report.is_file():
            sys.exit(f"ci/check-report: expected a file, found none: {report}")
        pictures = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp(prefix="signet-report-"))
        pictures.mkdir(parents=True, exist_ok=True)
        found = check(browser, report, pictures=pictures)
        for problem in found:
            print(f"ci/check-report: {report}: {problem}", file=sys.stderr)
        print(pictures)
        return 1 if found else 0
    finally:
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
