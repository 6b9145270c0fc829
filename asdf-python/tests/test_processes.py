"""Threads, processes, many files."""

import multiprocessing
import os
import pathlib
import threading

import numpy
import pytest

import asdfkit


def total(array):
    """What a worker does with a handle that was pickled for it."""
    return float(numpy.nansum(array[0:32]))


def evaluate(wcs):
    """Enough points for all threads."""
    x = numpy.arange(40000.0) % 60
    return float(wcs(x, x)[0].sum())


def test_eight_threads_on_one_file(roman):
    file = asdfkit.open(roman)
    paths = [path for path in file.arrays if file.array(path).size]
    expected = {path: asdfkit.open(roman).array(path).to_numpy().tobytes() for path in paths}
    wrong = []

    def work():
        for _ in range(10):
            for path in paths:
                if file.array(path).to_numpy().tobytes() != expected[path]:
                    wrong.append(path)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_handles_in_other_processes(roman, method):
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip("not on this system")
    file = asdfkit.open(roman)
    array, wcs = file["roman/data"], file["roman/meta/wcs"]
    # The threads of this process are running when it is forked.
    expected = total(array), evaluate(wcs)
    with multiprocessing.get_context(method).Pool(2) as pool:
        sums = pool.map_async(total, [array] * 4).get(timeout=120)
        worlds = pool.map_async(evaluate, [wcs] * 2).get(timeout=120)
    assert sums == [expected[0]] * 4
    assert worlds == [expected[1]] * 2


def memory():
    """Resident pages in bytes."""
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not pathlib.Path("/proc/self/fd").exists(), reason="counts in /proc")
def test_ten_thousand_files_leak_nothing(roman):
    def work(count):
        for _ in range(count):
            file = asdfkit.open(roman)
            file["roman"]["data"][0:2, 0:2]
            assert file["roman/meta/exposure/type"] == "WFI_IMAGE"

    work(200)
    before, descriptors = memory(), len(os.listdir("/proc/self/fd"))
    work(10_000)
    assert len(os.listdir("/proc/self/fd")) == descriptors
    assert memory() - before < 16 << 20
