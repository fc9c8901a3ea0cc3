//! A fuzz target: the decoder whose name the binary has when it runs.
#![no_main]

use std::path::Path;
use std::sync::OnceLock;

mod decoders;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    static DECODER: OnceLock<decoders::Decoder> = OnceLock::new();
    let decoder = DECODER.get_or_init(|| {
        let program = std::env::args_os().next().expect("a program has a name");
        let name = Path::new(&program).file_name().and_then(|name| name.to_str()).expect("it is text");
        decoders::named(name).expect("every target has the name of a decoder")
    });
    decoder(data);
});
