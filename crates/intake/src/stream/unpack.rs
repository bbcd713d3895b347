use super::Limits;
use crate::{Error, Result};
use flate2::bufread::MultiGzDecoder;
use std::{
    cell::Cell,
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

const BUFFER: usize = 64 * 1024;
const GZIP: &[u8] = &[0x1f, 0x8b];
const ZIP: &[u8] = b"PK\x03\x04";

/// How much was read, unpacked, and how much may be.
pub struct Gauge {
    read: Cell<u64>,
    document_ends: Cell<u64>,
    /// Commas read since the document began, which are one less than its values.
    commas: Cell<u64>,
    over: Cell<bool>,
    document: u64,
    parts: u64,
    expanded: u64,
}

impl Gauge {
    pub fn new(limits: &Limits) -> Gauge {
        Gauge {
            read: Cell::new(0),
            document_ends: Cell::new(limits.document),
            commas: Cell::new(0),
            over: Cell::new(false),
            document: limits.document,
            parts: limits.parts,
            expanded: limits.expanded,
        }
    }

    /// The next document may be as long as a document may be.
    pub fn next_document(&self) {
        self.document_ends.set(self.read.get().saturating_add(self.document));
        self.commas.set(0);
    }

    pub fn read(&self) -> u64 {
        self.read.get()
    }

    /// Why reading was refused, if it was this gauge that refused.
    pub fn reason(&self) -> Option<String> {
        let in_all = self.read.get() >= self.expanded;
        self.over.get().then(|| match in_all {
            true => format!("is, unpacked, longer than {}", mebibytes(self.expanded)),
            false if self.commas.get() > self.parts => format!("holds a document of more than {} parts", self.parts),
            false => format!("holds a document longer than {}", mebibytes(self.document)),
        })
    }
}

fn mebibytes(bytes: u64) -> String {
    if bytes < 1 << 20 { format!("{bytes} bytes") } else { format!("{} MiB", bytes >> 20) }
}

struct Gauged<'a, R> {
    inner: R,
    gauge: &'a Gauge,
}

impl<R: Read> Read for Gauged<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let gauge = self.gauge;
        let too_long = gauge.read.get() >= gauge.document_ends.get().min(gauge.expanded);
        if too_long || gauge.commas.get() > gauge.parts {
            gauge.over.set(true);
            return Err(io::Error::other("too long"));
        }
        let length = self.inner.read(into)?;
        gauge.read.set(gauge.read.get() + length as u64);
        let commas = into[..length].iter().filter(|byte| **byte == b',').count();
        gauge.commas.set(gauge.commas.get() + commas as u64);
        Ok(length)
    }
}

/// What [`entries`] calls for each file, with its name and its bytes unpacked.
pub type Each<'a> = dyn FnMut(&str, &mut dyn BufRead) -> Result<()> + 'a;

/// Hands over a file, what a gzip file holds, or the files of a zip archive one by one. Their names are only labels.
pub fn entries(path: &Path, limits: &Limits, gauge: &Gauge, each: &mut Each<'_>) -> Result<()> {
    let name = path.display().to_string();
    let cannot = |error: io::Error| unreadable(&name, &error);
    let mut file = BufReader::with_capacity(BUFFER, File::open(path).map_err(cannot)?);
    if file.fill_buf().map_err(cannot)?.starts_with(ZIP) {
        return archive(file, &name, limits, gauge, each);
    }
    plain_or_gzip(&name, &mut file, gauge, each)
}

fn archive(file: BufReader<File>, name: &str, limits: &Limits, gauge: &Gauge, each: &mut Each<'_>) -> Result<()> {
    let broken = |error| Error::new(name, format!("is an archive that cannot be read ({error})"));
    let mut archive = zip::ZipArchive::new(file).map_err(broken)?;
    if archive.len() > limits.files {
        return Err(Error::new(name, format!("is an archive of more than {} files", limits.files)));
    }
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(broken)?;
        if entry.is_file() {
            let label = entry.name().map_err(broken)?;
            let inner = format!("{name}:{label}");
            plain_or_gzip(&inner, &mut BufReader::with_capacity(BUFFER, entry), gauge, each)?;
        }
    }
    Ok(())
}

/// Hands over what arrives, unpacked.
pub fn bytes(name: &str, bytes: impl Read, gauge: &Gauge, each: &mut Each<'_>) -> Result<()> {
    plain_or_gzip(name, &mut BufReader::with_capacity(BUFFER, bytes), gauge, each)
}

fn plain_or_gzip(name: &str, file: &mut dyn BufRead, gauge: &Gauge, each: &mut Each<'_>) -> Result<()> {
    gauge.next_document();
    let packed = file.fill_buf().map_err(|error| unreadable(name, &error))?.starts_with(GZIP);
    if packed {
        let inner = Gauged { inner: MultiGzDecoder::new(file), gauge };
        each(name, &mut BufReader::with_capacity(BUFFER, inner))
    } else {
        each(name, &mut BufReader::with_capacity(BUFFER, Gauged { inner: file, gauge }))
    }
}

pub fn unreadable(name: &str, error: &io::Error) -> Error {
    Error::new(name, format!("cannot be read: {error}"))
}
