"""How gunicorn serves Peluit: gevent workers, and a log that holds nothing of a request.

Started by `flask --app wsgi peluit start`, or by hand: gunicorn -c deploy/gunicorn.conf.py [wsgi:channel | wsgi:desk].
Each surface that runs alone has its own environment, and with it its own PORT.
"""

from gevent import monkey

monkey.patch_all()  # before anything else has imported ssl, socket or threading

import gc  # noqa: E402
import logging  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402
from types import TracebackType  # noqa: E402
from typing import Any  # noqa: E402

from gevent.hub import Hub  # noqa: E402
from gunicorn.glogging import Logger  # noqa: E402
from gunicorn.http.wsgi import Response  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # gunicorn reads this file before it puts `chdir` on the path

from config import ConfigError, Settings  # noqa: E402

try:
    _settings = Settings.from_env()
except ConfigError as error:
    sys.exit(str(error))

chdir = str(ROOT)
wsgi_app = "wsgi:app"
bind = [_settings.address]
workers = _settings.workers
worker_class = "gevent"
worker_connections = 1000
preload_app = True  # data files are read and checked once, and a mistake in them stops the start
backlog = 512

# A worker whose loop gives no sign for so long is replaced (docs/decisions/0016). It says nothing of a request: a
# reporter on weak signal may take minutes for one page, and what stalls holds no worker, only a connection.
timeout = 30
graceful_timeout = 20
keepalive = 5
limit_request_line = 2048
limit_request_fields = 60
limit_request_field_size = 4096

umask = 0o077
# The heartbeat's file changes every second: in memory it neither wears a disk nor waits for one.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
control_socket_disable = True  # nobody needs to steer it through a file in a home folder
accesslog = None
errorlog = "-"
loglevel = "info"
capture_output = False


def when_ready(server: object) -> None:
    """Before the workers are forked: what was loaded so far stays for good, so no collection has to look at it again.

    A full collection over its 130,000 objects would stop a worker for a tenth of a second, and unshare their memory.
    A request makes thousands of objects and hardly a cycle among them: looking for cycles after every 700, as Python
    does by itself, would take a tenth of the time of a sealed report.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


class DiscreetFormatter(logging.Formatter):
    """Where something went wrong, and never with what.

    A message may hold an address, a path or what somebody typed, and the line's time would be the time of a request. So
    a line has no time, only gunicorn's own lines about its processes and about where it cannot listen keep their words,
    and an exception is its type and the place in our code.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line; `record.msg` and `record.args` are used only for what gunicorn says of itself."""
        place = f"{Path(record.pathname).parent.name}/{record.filename}:{record.lineno}"
        if record.exc_info and record.exc_info[0] is not None:
            said = f"{describe(record.exc_info[0], record.exc_info[2])} (logged at {place})"
        elif place.startswith(("gunicorn/arbiter.py:", "gunicorn/sock.py:")):
            said = record.getMessage()
        else:
            said = f"{record.funcName} at {place}"
        return f"[{record.process}] [{record.levelname}] {said}"


def describe(kind: type[BaseException], trace: TracebackType | None) -> str:
    """An exception without its message: its type and the innermost place in Peluit's own files."""
    place = None
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.is_relative_to(ROOT) and ".venv" not in path.parts:
            place = f"{path.relative_to(ROOT)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{kind.__name__} {f'at {place}' if place else 'outside our code'}"


class DiscreetLogger(Logger):  # type: ignore[misc]
    """gunicorn's logger with the formatter above, for the libraries' loggers too."""

    def setup(self, cfg: Any) -> None:
        """Replace every formatter, and give the root logger the same: Flask then adds none of its own."""
        super().setup(cfg)
        handlers = [*self.error_log.handlers, logging.StreamHandler(sys.stderr)]
        for handler in handlers:
            handler.setFormatter(DiscreetFormatter())
        logging.getLogger().handlers = [handlers[-1]]
        logging.captureWarnings(True)

    # gunicorn's methods pass a line on; without these, each would seem to come from gunicorn/glogging.py.
    def critical(self, msg: object, *args: object, **kwargs: Any) -> None:
        """As logging.Logger.critical."""
        self.error_log.critical(msg, *args, stacklevel=2, **kwargs)

    def error(self, msg: object, *args: object, **kwargs: Any) -> None:
        """As logging.Logger.error."""
        self.error_log.error(msg, *args, stacklevel=2, **kwargs)

    def warning(self, msg: object, *args: object, **kwargs: Any) -> None:
        """As logging.Logger.warning."""
        self.error_log.warning(msg, *args, stacklevel=2, **kwargs)

    def info(self, msg: object, *args: object, **kwargs: Any) -> None:
        """As logging.Logger.info."""
        self.error_log.info(msg, *args, stacklevel=2, **kwargs)

    def exception(self, msg: object, *args: object, **kwargs: Any) -> None:
        """As logging.Logger.exception."""
        self.error_log.exception(msg, *args, stacklevel=2, **kwargs)


logger_class = DiscreetLogger

_default_headers = Response.default_headers


def _unsigned(self: Response) -> list[str]:
    """An answer's first lines without the one that names the server."""
    return [line for line in _default_headers(self) if not line.startswith("Server:")]


Response.default_headers = _unsigned


def _print_exception(
    hub: Hub,
    context: object | None,
    kind: type[BaseException] | None,
    value: BaseException | str | None,
    trace: TracebackType | None,
) -> None:
    """gevent's own report would print the failed greenlet, and with it the socket and its peer's address."""
    if kind is SystemExit:
        return  # a worker that ends while a browser holds its connection: nothing failed
    sys.stderr.write(f"[{os.getpid()}] [ERROR] {describe(kind or Exception, trace)}\n")


Hub.print_exception = _print_exception  # type: ignore[assignment, method-assign]
