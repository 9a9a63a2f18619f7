use super::*;

fn chunk(id: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut out = id.to_vec();
    out.extend((body.len() as u32).to_le_bytes());
    out.extend(body);
    out.resize(out.len() + body.len() % 2, 0);
    out
}

fn format(tag: u16, channels: u16, rate: u32, bits: u16) -> Vec<u8> {
    let align = channels * bits / 8;
    let mut body = Vec::new();
    for part in [&tag.to_le_bytes()[..], &channels.to_le_bytes(), &rate.to_le_bytes()] {
        body.extend(part);
    }
    body.extend((rate * u32::from(align)).to_le_bytes());
    body.extend(align.to_le_bytes());
    body.extend(bits.to_le_bytes());
    body
}

fn file(chunks: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"RIFF\xFF\xFF\xFF\xFFWAVE".to_vec();
    out.extend(chunks.concat());
    out
}

fn with_data_size(size: u32) -> Vec<u8> {
    let mut data = b"data".to_vec();
    data.extend(size.to_le_bytes());
    file(&[chunk(b"fmt ", &format(1, 1, 24_000, 16)), data])
}

/// The length is taken where there is one; 0, 0xFFFFFFFF and what sox writes mean until the end.
#[test]
fn an_unknown_length_means_until_the_end() {
    for (size, bytes) in [(6, Some(6)), (0, None), (u32::MAX, None), (0x7FFF_F000, None)] {
        let header = read_header(&mut &with_data_size(size)[..]).unwrap();
        assert_eq!(header.bytes, bytes, "size {size:#x}");
        assert_eq!(header.spec, RawSpec { rate: 24_000, channels: 1, format: RawFormat::S16 });
    }
}

/// Chunks before the sound are stepped over, with the padding of those of odd length.
#[test]
fn other_chunks_are_stepped_over() {
    let input = file(&[
        chunk(b"LIST", b"odd"),
        chunk(b"fmt ", &format(3, 2, 48_000, 32)),
        chunk(b"fact", &[0; 4]),
        chunk(b"data", &[1, 2, 3, 4]),
    ]);
    let mut rest = &input[..];
    let header = read_header(&mut rest).unwrap();
    assert_eq!(header.spec, RawSpec { rate: 48_000, channels: 2, format: RawFormat::F32 });
    assert_eq!(rest, [1, 2, 3, 4]);
}

/// The extensible form carries the real format and the speakers.
#[test]
fn extensible_formats_say_their_speakers() {
    let mut body = format(0xFFFE, 6, 48_000, 24);
    body.extend([22, 0, 24, 0]);
    body.extend(0x3F_u32.to_le_bytes());
    body.extend([1, 0, 0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113]);
    let input = file(&[chunk(b"fmt ", &body), chunk(b"data", &[0; 18])]);
    let header = read_header(&mut &input[..]).unwrap();
    assert_eq!(header.mask, Some(0x3F));
    assert_eq!(header.spec.format, RawFormat::S24);
}

/// RF64 keeps its length in a chunk of its own.
#[test]
fn rf64_says_its_length_in_ds64() {
    let mut sizes = vec![0; 8];
    sizes.extend(5_000_000_000_u64.to_le_bytes());
    sizes.extend([0; 12]);
    let mut data = b"data".to_vec();
    data.extend(u32::MAX.to_le_bytes());
    let mut input = file(&[chunk(b"ds64", &sizes), chunk(b"fmt ", &format(1, 2, 48_000, 16)), data]);
    input[..4].copy_from_slice(b"RF64");
    assert_eq!(read_header(&mut &input[..]).unwrap().bytes, Some(5_000_000_000));
}

/// Every cut of a header is an error, never a panic or a wait.
#[test]
fn a_header_that_ends_early_is_an_error() {
    let whole = with_data_size(6);
    for length in 0..whole.len() {
        assert!(read_header(&mut &whole[..length]).is_err(), "{length} bytes");
    }
}

/// What is not WAV is told the way to raw input.
#[test]
fn what_is_not_wav_is_told_about_raw() {
    let error = read_header(&mut &b"hello, this is plain text"[..]).unwrap_err().to_string();
    assert!(error.contains("--raw"), "{error}");
}
