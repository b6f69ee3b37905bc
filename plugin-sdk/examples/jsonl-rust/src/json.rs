// SPDX-License-Identifier: Apache-2.0

//! JSON for lines: objects of plain values and of lists of plain values, nothing deeper.
//!
//! Numbers stay text until a column says whether they are 64-bit integers or floats, so none is rounded on its way.

use std::borrow::Cow;

#[derive(Debug, PartialEq)]
pub enum Value<'a> {
    Null,
    Bool(bool),
    /// As it was written.
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Value<'a>>),
    /// An object of its own; it is told and not looked into.
    Nested,
}

pub type Object<'a> = Vec<(Cow<'a, str>, Value<'a>)>;

pub fn get<'o, 'a>(object: &'o Object<'a>, key: &str) -> Option<&'o Value<'a>> {
    object.iter().find(|(name, _)| name == key).map(|(_, value)| value)
}

/// One line; `None` when it is no JSON object, or names a key twice.
pub fn parse(line: &str) -> Option<Object<'_>> {
    let mut parser = Parser { text: line, at: 0, depth: 0 };
    parser.blanks();
    let object = parser.object()?;
    parser.blanks();
    let mut names: Vec<&str> = object.iter().map(|(name, _)| name.as_ref()).collect();
    names.sort_unstable();
    let is_clear = names.windows(2).all(|pair| pair[0] != pair[1]);
    (parser.at == line.len() && is_clear).then(|| object)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        if self.peek()? != byte {
            return None;
        }
        self.at += 1;
        Some(())
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Option<Value<'a>> {
        if !self.text[self.at..].starts_with(word) {
            return None;
        }
        self.at += word.len();
        Some(value)
    }

    fn object(&mut self) -> Option<Object<'a>> {
        let mut members = Vec::new();
        self.take(b'{')?;
        self.blanks();
        if self.take(b'}').is_some() {
            return Some(members);
        }
        loop {
            self.blanks();
            let key = self.string()?;
            self.blanks();
            self.take(b':')?;
            self.blanks();
            members.push((key, self.value()?));
            self.blanks();
            if self.take(b',').is_none() {
                self.take(b'}')?;
                return Some(members);
            }
        }
    }

    fn value(&mut self) -> Option<Value<'a>> {
        match self.peek()? {
            b'"' => Some(Value::Text(self.string()?)),
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            b'n' => self.word("null", Value::Null),
            b'[' => self.nested(|parser| Some(Value::List(parser.list()?))),
            b'{' => self.nested(|parser| parser.object().map(|_| Value::Nested)),
            _ => Some(Value::Number(self.number()?)),
        }
    }

    /// A line of a million brackets must not use up the stack.
    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Option<Value<'a>>) -> Option<Value<'a>> {
        if self.depth == 32 {
            return None;
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn list(&mut self) -> Option<Vec<Value<'a>>> {
        let mut items = Vec::new();
        self.take(b'[')?;
        self.blanks();
        if self.take(b']').is_some() {
            return Some(items);
        }
        loop {
            self.blanks();
            items.push(self.value()?);
            self.blanks();
            if self.take(b',').is_none() {
                self.take(b']')?;
                return Some(items);
            }
        }
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        (self.at > start).then(|| ())
    }

    fn number(&mut self) -> Option<&'a str> {
        let start = self.at;
        let _ = self.take(b'-');
        if self.take(b'0').is_none() {
            self.digits()?;
        }
        if self.take(b'.').is_some() {
            self.digits()?;
        }
        if self.take(b'e').or_else(|| self.take(b'E')).is_some() {
            let _ = self.take(b'+').or_else(|| self.take(b'-'));
            self.digits()?;
        }
        Some(&self.text[start..self.at])
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        self.take(b'"')?;
        let start = self.at;
        let mut escaped = String::new();
        let mut plain = start; // where the part without escapes begins that is not copied yet
        loop {
            match self.peek()? {
                b'"' => {
                    let rest = &self.text[plain..self.at];
                    self.at += 1;
                    if plain == start {
                        return Some(Cow::Borrowed(rest));
                    }
                    escaped.push_str(rest);
                    return Some(Cow::Owned(escaped));
                }
                b'\\' => {
                    escaped.push_str(&self.text[plain..self.at]);
                    self.at += 1;
                    escaped.push(self.escape()?);
                    plain = self.at;
                }
                0..=0x1F => return None,
                _ => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += 1;
        Some(match letter {
            b'"' | b'\\' | b'/' => letter as char,
            b'b' => '\u{8}',
            b'f' => '\u{C}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.hex()?;
                // Half a pair is no character: `from_u32` refuses it, and so the line is unreadable.
                if !(0xD800..0xDC00).contains(&first) {
                    return char::from_u32(first);
                }
                self.take(b'\\')?;
                self.take(b'u')?;
                let second = self.hex()?;
                if !(0xDC00..0xE000).contains(&second) {
                    return None;
                }
                return char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00));
            }
            _ => return None,
        })
    }

    fn hex(&mut self) -> Option<u32> {
        let mut value = 0;
        for _ in 0..4 {
            value = value * 16 + (self.peek()? as char).to_digit(16)?;
            self.at += 1;
        }
        Some(value)
    }
}

pub fn put_text(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut plain = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if *byte >= 0x20 && *byte != b'"' && *byte != b'\\' {
            continue;
        }
        out.extend_from_slice(&bytes[plain..at]);
        plain = at + 1;
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            _ => out.extend_from_slice(format!("\\u{:04x}", byte).as_bytes()),
        }
    }
    out.extend_from_slice(&bytes[plain..]);
    out.push(b'"');
}

/// The NaN that arithmetic gives. Others are written with their bits.
const PLAIN_NAN: u64 = 0x7FF8_0000_0000_0000;

/// Finite numbers have the fewest digits that read back as the same bits; JSON has no word for the others.
pub fn put_float(out: &mut Vec<u8>, value: f64) {
    if value.is_finite() {
        out.extend_from_slice(format!("{:?}", value).as_bytes());
    } else if value.is_infinite() {
        put_text(out, if value > 0.0 { "Infinity" } else { "-Infinity" });
    } else if value.to_bits() == PLAIN_NAN {
        put_text(out, "NaN");
    } else {
        put_text(out, &format!("NaN:{:016x}", value.to_bits()));
    }
}

pub fn float(value: &Value) -> Option<f64> {
    match value {
        // A number too large for a double would become infinite in silence.
        Value::Number(text) => text.parse().ok().filter(|number: &f64| number.is_finite()),
        Value::Text(text) => match text.as_ref() {
            "NaN" => Some(f64::from_bits(PLAIN_NAN)),
            "Infinity" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            word => {
                let digits = word.strip_prefix("NaN:").filter(|digits| digits.len() == 16)?;
                let bits = u64::from_str_radix(digits, 16).ok()?;
                Some(f64::from_bits(bits)).filter(|number| number.is_nan())
            }
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(value: f64) -> f64 {
        let mut out = b"{\"v\":".to_vec();
        put_float(&mut out, value);
        out.push(b'}');
        let line = String::from_utf8(out).unwrap();
        let object = parse(&line).unwrap();
        float(get(&object, "v").unwrap()).unwrap()
    }

    #[test]
    fn floats_come_back_bit_by_bit() {
        let mut bits = 0x9E37_79B9_7F4A_7C15_u64;
        let special =
            [0.0, -0.0, f64::MIN_POSITIVE, 5e-324, f64::MAX, f64::MIN, f64::INFINITY, f64::NEG_INFINITY];
        for value in special {
            assert_eq!(back(value).to_bits(), value.to_bits());
        }
        for _ in 0..200_000 {
            bits ^= bits << 13;
            bits ^= bits >> 7;
            bits ^= bits << 17;
            assert_eq!(back(f64::from_bits(bits)).to_bits(), bits);
        }
        for bits in [PLAIN_NAN, 0xFFF8_0000_0000_0000, 0x7FF0_0000_0000_0001, 0x7FFF_FFFF_FFFF_FFFF] {
            assert_eq!(back(f64::from_bits(bits)).to_bits(), bits);
        }
    }

    #[test]
    fn every_character_comes_back() {
        let all: String = (0..=0x10_FFFF).filter_map(char::from_u32).collect();
        let mut out = b"{\"t\":".to_vec();
        put_text(&mut out, &all);
        out.push(b'}');
        let line = String::from_utf8(out).unwrap();
        assert!(!line.contains('\n'));
        let object = parse(&line).unwrap();
        assert!(get(&object, "t") == Some(&Value::Text(Cow::Borrowed(&all))));
    }

    #[test]
    fn what_is_no_line_is_refused() {
        let bad = [
            "",
            "{",
            "{}x",
            "[]",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":01}",
            "{\"a\":1.}",
            "{\"a\":+1}",
            "{\"a\":NaN}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":\"\\ud800\\u0041\"}",
            "{\"a\":\"\u{1}\"}",
            "{\"a\":1,\"a\":2}",
            "{\"a\":1,}",
            "{\"a\":tru}",
            "{\"a\":[1,]}",
            "{\"a\":\"x",
        ];
        for line in bad {
            assert!(parse(line).is_none(), "{}", line);
        }
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(1_000_000), "]".repeat(1_000_000));
        assert!(parse(&deep).is_none());
        let pair = parse("{\"a\":\"\\ud83d\\ude00\"}").unwrap();
        assert_eq!(get(&pair, "a"), Some(&Value::Text(Cow::Borrowed("\u{1F600}"))));
    }
}
