//! Reads and writes the messages of the protocol: a header with the length, an empty line, and JSON.

use std::io::{self, BufRead, ErrorKind, Read, Write};

/// In bytes. No pyproject.toml in practice is as large.
const LARGEST: usize = 64 << 20;

/// In bytes. A header with the length needs only a few dozen.
const LONGEST_HEADER: u64 = 4096;

/// The content of the next message; `None` if the stream ends before it.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut length = None;
    for number in 0.. {
        let mut line = String::new();
        let read = input.by_ref().take(LONGEST_HEADER).read_line(&mut line)?;
        if read == 0 && number == 0 {
            return Ok(None);
        }
        if !line.ends_with('\n') {
            return Err(malformed("a header that does not end"));
        }
        let line = line.trim_end();
        if line.is_empty() && length.is_some() {
            break;
        }
        let (name, value) = line.split_once(':').ok_or_else(|| malformed("a header that has no value"))?;
        if name.trim().eq_ignore_ascii_case("Content-Length") {
            length = Some(value.trim().parse().map_err(|_| malformed("a length that is not a number"))?);
        }
    }
    let length = length.filter(|length| *length <= LARGEST).ok_or_else(|| malformed("a message that is too large"))?;
    let mut content = Vec::new();
    // Memory grows as the message arrives, whatever length its header claims.
    if input.by_ref().take(length as u64).read_to_end(&mut content)? < length {
        return Err(malformed("a message that does not end"));
    }
    Ok(Some(content))
}

/// Writes one message and flushes it.
pub(super) fn write(output: &mut impl Write, content: &[u8]) -> io::Result<()> {
    write!(output, "Content-Length: {}\r\n\r\n", content.len())?;
    output.write_all(content)?;
    output.flush()
}

fn malformed(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut input: &[u8]) -> Result<Vec<String>, String> {
        let mut contents = Vec::new();
        loop {
            match read(&mut input) {
                Ok(Some(content)) => contents.push(String::from_utf8(content).unwrap()),
                Ok(None) => return Ok(contents),
                Err(error) => return Err(error.to_string()),
            }
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut stream = Vec::new();
        for content in ["{}", "", "\"ü\r\n\r\n\""] {
            write(&mut stream, content.as_bytes()).unwrap();
        }
        assert_eq!(all(&stream).unwrap(), ["{}", "", "\"ü\r\n\r\n\""]);
        let others = b"content-length:2\nContent-Type: application/vscode-jsonrpc; charset=utf-8\n\n{}";
        assert_eq!(all(others).unwrap(), ["{}"]);
    }

    #[test]
    fn what_is_not_framed_is_refused() {
        for (stream, expected) in [
            ("Content-Length: 3\r\n\r\n{}", "a message that does not end"),
            ("Content-Length: 2\r\n", "a header that does not end"),
            ("Content-Length: -1\r\n\r\n", "a length that is not a number"),
            ("Content-Length: 99999999999999\r\n\r\n", "a message that is too large"),
            ("Content-Length: 99999999999999999999999999\r\n\r\n", "a length that is not a number"),
            ("\r\n", "a header that has no value"),
            ("{}\r\n\r\n", "a header that has no value"),
        ] {
            assert_eq!(all(stream.as_bytes()), Err(expected.to_owned()), "{stream:?}");
        }
        assert_eq!(all(&vec![b'x'; 1 << 20]), Err("a header that does not end".to_owned()));
    }
}
