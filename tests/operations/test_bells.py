"""The embedded broker: whoever looks while a message is written sees all of it or nothing."""

from concurrent.futures import ThreadPoolExecutor
from queue import Empty

from kombu import Connection

LONG = "x" * 20_000_000  # so that there is time to look


def test_no_message_is_read_before_it_is_written(tmp_path):
    folders = dict.fromkeys(["data_folder_in", "data_folder_out", "control_folder"], str(tmp_path))

    def channel():
        return Connection(
            "filesystem://localhost", transport="vitay.bells.Transport", transport_options=folders
        ).channel()

    with ThreadPoolExecutor(1) as pool:
        writing, reader, found = pool.submit(channel()._put, "celery", LONG), channel(), None
        while found is None:
            written = writing.done()
            try:
                found = reader._get("celery")
            except Empty:
                assert not written
    assert found == LONG
