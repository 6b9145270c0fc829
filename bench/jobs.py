"""The jobs that are measured: what each command does, who else does it, and what no program can beat on the same bytes."""

from dataclasses import dataclass, field


@dataclass
class Job:
    """One job: our command line, those of the peers, and a command that does only what cannot be left out."""

    name: str
    ours: str
    peers: dict[str, str] = field(default_factory=dict)
    limit: tuple[str, str] | None = None
    note: str = ""


# {asdf} is our binary, {python} the interpreter that has the peers' packages, {job} `python_jobs.py` run by it, {rust} the Rust
# peer (`asdf-cli` of crates.io), {in} the folder of inputs, {out} an empty folder that is emptied before each run.
JOBS = [
    Job("start: the version", "{asdf} --version", {"Rust": "{rust} --help", "Python": "{python} -c 'import asdf'"}, ("true", "/bin/true")),
    Job(
        "info, Roman exposure of 72 kB",
        "{asdf} info {in}/roman.asdf",
        {"Rust": "{rust} info {in}/roman.asdf", "Python": "{job} info {in}/roman.asdf"},
        ("cat", "cat {in}/roman.asdf"),
    ),
    Job(
        "info, 100,000 mappings",
        "{asdf} info {in}/mappings.asdf",
        {"Rust": "{rust} info {in}/mappings.asdf", "Python": "{job} open {in}/mappings.asdf"},
        ("cat", "cat {in}/mappings.asdf"),
        "Python opens the file and prints nothing",
    ),
    Job(
        "info --json, 500 files of 72 kB",
        "{asdf} info --json {in}/many",
        {"Python": "{job} open {in}/many/*.asdf"},
        ("cat", "cat {in}/many/*.asdf"),
        "Python opens them in one process",
    ),
    Job("table, three columns of 500 files", "{asdf} table -k roman.meta.exposure.exposure_time,roman.meta.instrument.detector,roman.meta.filename {in}/many", {"Python": "{job} table {in}/many/*.asdf"}),
    Job("validate, 500 files", "{asdf} validate {in}/many", {"Python": "{job} validate {in}/many/*.asdf"}),
    Job("checksums, 300 MB raw in 6 blocks", "{asdf} verify --checksums-only {in}/raw6.asdf", {"Rust": "{rust} verify-checksums {in}/raw6.asdf", "Python": "{job} checksums {in}/raw6.asdf"}, ("md5sum", "md5sum {in}/raw6.asdf")),
    Job("checksums, 256 MB raw in 64 blocks", "{asdf} verify --checksums-only {in}/raw64.asdf", {"Rust": "{rust} verify-checksums {in}/raw64.asdf", "Python": "{job} checksums {in}/raw64.asdf"}, ("md5sum", "md5sum {in}/raw64.asdf")),
    Job("verify, 300 MB as lz4", "{asdf} verify {in}/lz4.asdf", {"Rust": "{rust} verify-checksums {in}/lz4.asdf", "Python": "{job} load {in}/lz4.asdf"}, ("lz4 -t", "lz4 -tq {in}/raw6.lz4"), "the peers compare checksums or decode, not both"),
    Job("raw to lz4, 300 MB", "{asdf} convert {in}/raw6.asdf {out}/x.asdf --compress lz4", {"Python": "{job} write {in}/raw6.asdf {out}/x.asdf lz4"}, ("lz4 -1", "lz4 -1 -q -f {in}/raw6.asdf {out}/x.lz4"), "ours compares the checksums of IN and writes those of OUT"),
    Job("raw to zstd, 300 MB", "{asdf} convert {in}/raw6.asdf {out}/x.asdf --compress zstd", {"Python": "{job} write {in}/raw6.asdf {out}/x.asdf zstd"}, ("zstd -3", "zstd -3 -q -f {in}/raw6.asdf -o {out}/x.zst")),
    Job("raw to zlib, 300 MB", "{asdf} convert {in}/raw6.asdf {out}/x.asdf --compress zlib", {"Python": "{job} write {in}/raw6.asdf {out}/x.asdf zlib"}, ("gzip -6", "sh -c 'gzip -6 -c {in}/raw6.asdf > {out}/x.gz'")),
    Job("lz4 to raw, 300 MB", "{asdf} convert {in}/lz4.asdf {out}/x.asdf --compress none", {"Python": "{job} write {in}/lz4.asdf {out}/x.asdf input"}, ("lz4 -d", "lz4 -dq -f {in}/raw6.lz4 {out}/x.raw")),
    Job("a window of 100 x 100 of an lz4 block of 50 MB", "{asdf} get {in}/lz4.asdf 'data0[2000:2100,2000:2100]'", {"Python": "{job} window {in}/lz4.asdf"}),
    Job("stats of 300 MB", "{asdf} stats {in}/raw6.asdf", {"Python": "{job} stats {in}/raw6.asdf"}, ("cat", "cat {in}/raw6.asdf"), "exact medians and percentiles on both sides"),
    Job("JSON to ASDF, 68 MB", "{asdf} convert {in}/big.json {out}/x.asdf", {"Python": "{job} json {in}/big.json {out}/x.asdf"}, ("json.load", "{python} -c 'import json; json.load(open(\"{in}/big.json\"))'")),
    Job("CSV to ASDF, 10^6 rows of 6 columns", "{asdf} convert {in}/big.csv {out}/x.asdf", {"Python": "{job} csv {in}/big.csv {out}/x.asdf"}, ("wc -l", "wc -l {in}/big.csv")),
    Job("FITS table of 10^6 rows to CSV", "{asdf} convert {in}/table.fits {out}/x.csv --path fits/1/data", {"astropy": "{job} fits-csv {in}/table.fits {out}/x.csv", "fitsio": "{job} fitsio-csv {in}/table.fits {out}/x.csv"}),
    Job("FITS image of 256 MB to ASDF", "{asdf} convert {in}/image.fits {out}/x.asdf", {"astropy": "{job} fits-asdf {in}/image.fits {out}/x.asdf"}, ("cp", "cp {in}/image.fits {out}/x.fits")),
    Job("preview of a FITS image of 256 MB", "{asdf} preview {in}/image.fits --path fits/0/data -o {out}/x.png", {"astropy": "{job} preview {in}/image.fits {out}/x.png"}),
    Job("sky positions of 4088 x 4088 pixels, Roman WCS", "{ours_job} grid {in}/detector.asdf 4088", {"gwcs": "{job} grid {in}/detector.asdf 4088"}, ("fresh pages", "{python} -c 'import numpy as n; n.ones((2,4088,4088))'"), "by the Python packages of both; in one process each, start included"),
    Job("sky positions of 4096 x 4096 pixels, TAN-SIP header", "{ours_job} fits-grid {in}/sip.fits 4096", {"astropy": "{job} fits-grid {in}/sip.fits 4096"}, ("fresh pages", "{python} -c 'import numpy as n; n.ones((2,4096,4096))'"), "as above"),
]
