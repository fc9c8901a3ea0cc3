//! A fuzz target: the decoder whose name the binary has.
#![no_main]

mod decoders;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let decoder = decoders::named(env!("CARGO_BIN_NAME")).expect("every target has a decoder");
    decoder(data);
});
