//! Mutations of a submission that know what they change: its JSON, its payload, its signature, its spelling, its documents, or the
//! door it is brought to.

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD};
use palinode::envelope::{PayloadType, SecretKey};
use serde_json::{Map, Value, json};

use super::good::Good;
use crate::mutation::{Dice, mutate};

/// What becomes of a good submission.
pub(crate) struct Spoilt {
    /// Where it is posted to.
    pub(crate) door: &'static str,
    pub(crate) body: Vec<u8>,
    /// Headers other than the usual.
    pub(crate) headers: Option<Vec<(&'static str, String)>>,
    /// Whether it is rightly signed, and so may only be asked about: it could be a new good one.
    pub(crate) dry_run: bool,
}

const DOORS: [&str; 2] = ["/v1/notices", "/v1/publishers"];

/// The order of the group, little-endian: S + L is a second signature to lax verifiers (RFC 8032, section 5.1.7).
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0x10,
];

/// One mutation of one of `good`.
pub(crate) fn spoil(good: &[Good], dice: &mut Dice) -> Spoilt {
    let (one, other) = (dice.pick(good), dice.pick(good));
    let mut body: Value = serde_json::from_str(&one.body()).unwrap();
    let mut spoilt = Spoilt { door: one.door, body: Vec::new(), headers: None, dry_run: false };
    match dice.below(16) {
        0 | 1 => {
            spoilt.body = one.body().into_bytes();
            mutate(&mut spoilt.body, other.body().as_bytes(), dice);
            return spoilt;
        }
        2 => edit(&mut body, dice),
        3 => {
            spoilt.body = text_edit(&one.body(), dice);
            return spoilt;
        }
        4 | 5 => *envelope(&mut body) = with_payload(one, &changed_payload(one, other, dice)),
        6 => {
            // Nobody's key, or that of the other issuer; 3 is a key of the domain, too.
            let foreign = if one.seed == 1 { [2, 3, 9] } else { [1, 9, 10] };
            *envelope(&mut body) = signed_by(*dice.pick(&foreign), one, &changed_payload(one, other, dice));
        }
        7 | 8 => {
            *envelope(&mut body) = signed_by(one.seed, one, &changed_payload(one, other, dice));
            spoilt.dry_run = true;
        }
        9 | 10 => envelope(&mut body)["signatures"] = signatures(one, other, dice),
        11 => respell(envelope(&mut body), dice),
        12 => envelope(&mut body)["payloadType"] = payload_type(dice),
        13 => spoilt.door = DOORS[dice.below(2)],
        14 => documents(&mut body, one, other, dice),
        _ => spoilt.headers = Some(headers(dice)),
    }
    if let (true, Some(members)) = (dice.one_in(8), envelope(&mut body).as_object_mut()) {
        members.insert("more".to_owned(), json!([1, {"a": null}]));
    }
    spoilt.body = body.to_string().into_bytes();
    spoilt
}

fn envelope(body: &mut Value) -> &mut Value {
    if body.get("envelope").is_some() { &mut body["envelope"] } else { body }
}

fn written(one: &Good, payload: &[u8], signature: &[u8]) -> Value {
    let keyid = one.envelope.key_hint().unwrap();
    let signatures = json!([{"keyid": keyid, "sig": BASE64.encode(signature)}]);
    json!({"payload": BASE64.encode(payload), "payloadType": one.envelope.payload_type_str(), "signatures": signatures})
}

/// Another payload under the old signature.
fn with_payload(one: &Good, payload: &[u8]) -> Value {
    written(one, payload, one.envelope.signature())
}

/// Another payload, signed.
fn signed_by(seed: u8, one: &Good, payload: &[u8]) -> Value {
    match SecretKey::from_seed([seed; 32]).sign_envelope(one.envelope.payload_type().unwrap(), payload) {
        Ok(envelope) => serde_json::from_str(&envelope.to_json()).unwrap(),
        // Too long for an entry.
        Err(_) => written(one, payload, one.envelope.signature()),
    }
}

/// Never the same bytes as before, so that nobody signs the good submission again.
fn changed_payload(one: &Good, other: &Good, dice: &mut Dice) -> Vec<u8> {
    let before = one.envelope.payload();
    let mut payload = before.to_vec();
    match dice.below(4) {
        0 => mutate(&mut payload, other.envelope.payload(), dice),
        1 => payload = text_edit(std::str::from_utf8(&payload).unwrap(), dice),
        _ => {
            let mut value: Value = serde_json::from_slice(before).unwrap();
            for _ in 0..=dice.below(2) {
                edit(&mut value, dice);
            }
            payload = value.to_string().into_bytes();
        }
    }
    if payload == before {
        payload.push(b' ');
    }
    payload
}

/// Changes one place of a JSON value: drops, renames, swaps, retypes, or goes deep.
fn edit(value: &mut Value, dice: &mut Dice) {
    let stop = dice.one_in(4);
    match value {
        Value::Object(fields) if !stop && !fields.is_empty() => {
            let name = fields.keys().nth(dice.below(fields.len())).unwrap().clone();
            edit_field(fields, &name, dice);
        }
        Value::Array(items) if !stop && !items.is_empty() => {
            let at = dice.below(items.len());
            match dice.below(5) {
                0 => drop(items.remove(at)),
                1 => items.push(items[at].clone()),
                2 => items.extend(std::iter::repeat_n(items[at].clone(), 400)),
                _ => edit(&mut items[at], dice),
            }
        }
        other => *other = strange(other, dice),
    }
}

fn edit_field(fields: &mut Map<String, Value>, name: &str, dice: &mut Dice) {
    match dice.below(8) {
        0 => drop(fields.remove(name)),
        1 => {
            let value = fields.remove(name).unwrap();
            fields.insert(format!("{name} "), value);
        }
        2 => {
            let other = fields.keys().nth(dice.below(fields.len())).unwrap().clone();
            let (one, two) = (fields[name].clone(), fields[&other].clone());
            fields.insert(name.to_owned(), two);
            fields.insert(other, one);
        }
        3 => {
            drop(fields.insert(
                ["licence", "Type", "prior", "sensitive", "effective"][dice.below(5)].into(),
                strange(&Value::Null, dice),
            ));
        }
        _ => edit(fields.get_mut(name).unwrap(), dice),
    }
}

/// A value that nobody expects in the place of `value`.
fn strange(value: &Value, dice: &mut Dice) -> Value {
    let text = value.as_str().unwrap_or_default();
    match dice.below(16) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(u64::MAX),
        3 => json!(-1),
        4 => json!(1.5),
        5 => json!([value]),
        6 => json!({"a": value}),
        7 => (0..40).fold(value.clone(), |inner, _| json!([inner])),
        8 => json!(text.to_uppercase()),
        9 => json!(format!("{text}\u{202e}")),
        10 => json!(format!("{text}\u{0}")),
        11 => json!(text.repeat(50)),
        12 => json!(text.chars().rev().collect::<String>()),
        13 => json!("9999-12-31T23:59:59Z"),
        14 => json!(format!("{text}é")),
        _ => json!(text.get(1..).unwrap_or_default()),
    }
}

/// What no JSON library would write: duplicate members, numbers of odd spelling, marks, several values.
fn text_edit(text: &str, dice: &mut Dice) -> Vec<u8> {
    let names: Vec<_> = text.match_indices("\":").map(|(at, _)| at).collect();
    let name_at = names.get(dice.below(names.len())).copied().unwrap_or(0);
    let start = text[..name_at].rfind('"').unwrap_or(0);
    let name = &text[start..(name_at + 2).min(text.len())];
    let number = dice.pick(&["1.0", "-0", "1e3", "01", "9007199254740992", "1E400", "+1", "NaN", "\"\\ud800\"", "'a'", "// c"]);
    match dice.below(12) {
        0 => format!("\u{feff}{text}"),
        1 => format!("{text}{text}"),
        2 => format!("{text} "),
        3 => format!("\n\t {text}\r\n"),
        4 => format!("[{text}]"),
        5 => format!("{}{text}{}", "[".repeat(100_000), "]".repeat(100_000)),
        6 => text[..dice_char(text, dice)].to_owned(),
        // Twice the same member, the second one as it was.
        7 => format!("{}{name}0,{}", &text[..start], &text[start..]),
        8 => format!("{}{name}{number},{}", &text[..start], &text[start..]),
        9 => format!("{}\"\\u0061\":1,\"a\":1,{}", &text[..start], &text[start..]),
        // A member name of other letters that are the same once the escapes are read.
        10 => text.replacen("\"payload\"", "\"p\\u0061yload\"", 1),
        _ => text.replacen(':', &format!(":{number}"), 1),
    }
    .into_bytes()
}

fn dice_char(text: &str, dice: &mut Dice) -> usize {
    (0..=dice.below(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn signatures(one: &Good, other: &Good, dice: &mut Dice) -> Value {
    let keyid = one.envelope.key_hint().unwrap();
    let mut sig = *one.envelope.signature();
    let of = |sig: &[u8]| json!([{"keyid": keyid, "sig": BASE64.encode(sig)}]);
    match dice.below(14) {
        0 | 1 => {
            sig[dice.below(64)] ^= 1 << dice.below(8);
            of(&sig)
        }
        2 => {
            let mut carry = 0_u16;
            for (byte, order) in sig[32..].iter_mut().zip(ORDER) {
                carry += u16::from(*byte) + u16::from(order);
                *byte = carry.to_le_bytes()[0];
                carry >>= 8;
            }
            of(&sig)
        }
        3 => of(other.envelope.signature()),
        4 => of(&[0; 64]),
        5 => of(&sig[..63]),
        6 => of(&[&sig[..], &[0]].concat()),
        7 => json!([]),
        8 => json!([{"keyid": keyid, "sig": BASE64.encode(&sig)}, {"keyid": keyid, "sig": BASE64.encode(&sig)}]),
        // The key id is a hint: these are the good submission.
        9 => json!([{"sig": BASE64.encode(&sig)}]),
        10 => json!([{"keyid": dice.pick(&["", "other", "\u{202e}", "../..", "SHA256:x"]), "sig": BASE64.encode(&sig)}]),
        11 => json!([{"keyid": other.envelope.key_hint(), "sig": BASE64.encode(&sig)}]),
        12 => json!([{"keyid": 1, "sig": BASE64.encode(&sig)}]),
        _ => json!({"keyid": keyid, "sig": BASE64.encode(&sig)}),
    }
}

/// Another spelling of base64, allowed or not.
fn respell(envelope: &mut Value, dice: &mut Dice) {
    let of_signature = dice.one_in(2);
    let place = if of_signature { &mut envelope["signatures"][0]["sig"] } else { &mut envelope["payload"] };
    let text = place.as_str().unwrap().to_owned();
    let bytes = BASE64.decode(text.as_bytes()).unwrap();
    *place = json!(match dice.below(11) {
        0 => BASE64_NOPAD.encode(&bytes),
        1 => BASE64URL.encode(&bytes),
        2 => BASE64URL_NOPAD.encode(&bytes),
        3 => format!("{text}="),
        4 => format!("{text}===="),
        5 => format!("{text}\n"),
        6 => format!("{} {}", &text[..4], &text[4..]),
        // Two texts in a row, each with its own padding: some decoders join them.
        7 => format!("{}{}", BASE64.encode(&bytes[..1]), BASE64.encode(&bytes[1..])),
        // Bits that no byte has.
        8 => text.trim_end_matches('=').to_owned() + "B",
        9 => data_encoding::HEXLOWER.encode(&bytes),
        _ => text.replace('A', "-").replace('B', "+"),
    });
}

fn payload_type(dice: &mut Dice) -> Value {
    let types = PayloadType::ALL;
    match dice.below(types.len() + 4) {
        0 => json!("application/vnd.palinode.notice.v2+json"),
        1 => json!("application/vnd.in-toto+json"),
        2 => json!("Application/vnd.palinode.notice.v1+json"),
        3 => json!("application/vnd.palinode.notice.v1+json "),
        known => json!(types[known - 4].as_str()),
    }
}

fn documents(body: &mut Value, one: &Good, other: &Good, dice: &mut Dice) {
    let envelope = body.get("envelope").cloned().unwrap_or_else(|| body.clone());
    let own = || one.documents.iter().map(|document| json!(BASE64.encode(document))).collect::<Vec<_>>();
    let documents = match dice.below(9) {
        0 => json!([]),
        1 => json!(other.documents.iter().map(|document| BASE64.encode(document)).collect::<Vec<_>>()),
        2 => json!([own(), vec![json!(BASE64.encode(b"more"))]].concat()),
        3 => json!([own(), own()].concat()),
        4 => json!({"0": own()}),
        5 => json!([BASE64_NOPAD.encode(b"1234567")]),
        6 => json!(["QQ==QQ=="]),
        7 => json!([null, 1]),
        _ => {
            let mut changed = one.documents.clone();
            for document in &mut changed {
                mutate(document, b"", dice);
            }
            json!(changed.iter().map(|document| BASE64.encode(document)).collect::<Vec<_>>())
        }
    };
    *body = json!({"envelope": envelope, "documents": documents});
    if dice.one_in(4) {
        body["unknown"] = json!(1);
    }
}

fn headers(dice: &mut Dice) -> Vec<(&'static str, String)> {
    let kind = |kind: &str| vec![("content-type", kind.to_owned())];
    match dice.below(8) {
        0 => Vec::new(),
        1 => kind("text/plain"),
        2 => kind("application/x-www-form-urlencoded"),
        3 => kind("application/jsonx"),
        4 => kind("multipart/form-data; boundary=json"),
        5 => [kind("application/json"), vec![("content-encoding", "zstd".to_owned())]].concat(),
        // These are JSON.
        6 => kind("application/vnd.dsse.envelope.v1+json"),
        _ => kind("APPLICATION/JSON; charset=utf-16"),
    }
}
