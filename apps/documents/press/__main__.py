"""The renderer process: HTML in, PDF/A-2a out, over its pipes. Fonts and styles are loaded once.

It knows nothing of Django or the database, fetches nothing but what lies beside it and the one
logo it is handed, and ends with its parent. Each frame is a length of four bytes and so many bytes.
"""

import base64
import gc
import json
import logging
import resource
import struct
import sys
from pathlib import Path

from accessible import finish  # beside this file: it is run by its path
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

HERE = Path(__file__).parent
BASE = "https://press.invalid/"  # nothing is asked of it: names below it are looked up here
OWN = {f"fonts/{path.name}": path for path in (HERE / "fonts").glob("*.woff2")}
LENGTH = struct.Struct(">I")
VARIANT = "pdf/a-2a"


class Shelf(URLFetcher):
    """The only files that a document can show: our fonts, and what came with the job."""

    def __init__(self):
        super().__init__(allowed_protocols=())
        self.files: dict[str, bytes] = {}

    def fetch(self, url: str, headers=None) -> URLFetcherResponse:
        name = url.removeprefix(BASE) if url.startswith(BASE) else None
        if name in self.files:
            return URLFetcherResponse(url, self.files[name])
        if name in OWN:
            return URLFetcherResponse(url, OWN[name].read_bytes())
        raise ValueError("Only our own files are served.")


def main() -> None:
    bytes_at_most, pages_at_most, seconds_at_most = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (bytes_at_most, bytes_at_most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.getLogger("weasyprint").addHandler(logging.NullHandler())
    logging.getLogger("weasyprint").propagate = False
    shelf, fonts = Shelf(), FontConfiguration()
    style = CSS(
        string=(HERE / "print.css").read_text(),
        base_url=BASE,
        url_fetcher=shelf,
        font_config=fonts,
    )
    gc.freeze()
    gc.disable()  # looking through a growing document again and again is what made long ones slow
    while (job := receive()) is not None:
        # Of work, not of waiting: a busy machine kills nobody's document. The kernel keeps it.
        worked = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
        resource.setrlimit(resource.RLIMIT_CPU, (worked + 1 + seconds_at_most, -1))
        shelf.files = {name: base64.b64decode(data) for name, data in job["files"].items()}
        answer(*printed(job["html"], shelf, style, fonts, pages_at_most))
        gc.collect()  # the reader has the document by now


def printed(html: str, shelf: Shelf, style: CSS, fonts, pages_at_most: int) -> tuple[bytes, bytes]:
    """How it went, and the PDF, or what was wrong."""
    try:
        source = HTML(string=html, base_url=BASE, url_fetcher=shelf)
        document = source.render(stylesheets=[style], font_config=fonts, pdf_variant=VARIANT)
        if len(document.pages) > pages_at_most:
            return b"P", b""
        return b"K", document.write_pdf(finisher=finish, pdf_variant=VARIANT)
    except MemoryError:
        raise  # what is left of this process is of no use
    except Exception as error:
        return b"E", type(error).__name__.encode()


def receive() -> dict | None:
    head = sys.stdin.buffer.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return json.loads(sys.stdin.buffer.read(*LENGTH.unpack(head)))


def answer(status: bytes, body: bytes) -> None:
    sys.stdout.buffer.write(status + LENGTH.pack(len(body)) + body)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
