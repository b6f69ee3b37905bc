// SPDX-License-Identifier: Apache-2.0
#include "Text.hh"

#include <cstdint>
#include <cstring>

namespace archive {

// Length of the valid sequence at `at`, 0 if there is none. Bounds are those of table 3-7 of the Unicode
// standard.
static size_t sequence(std::string_view text, size_t at) {
    auto byte = [&](size_t i) { return static_cast<unsigned char>(text[at + i]); };
    unsigned char lead = byte(0);
    if (lead < 0x80) return 1;
    size_t length = lead >= 0xc2 && lead <= 0xdf   ? 2
                    : (lead & 0xf0) == 0xe0        ? 3
                    : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                   : 0;
    if (length == 0 || text.size() - at < length) return 0;
    unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (byte(1) < low || byte(1) > high) return 0;
    for (size_t i = 2; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return 0;
    }
    return length;
}

bool is_utf8(std::string_view text) {
    size_t at = 0;
    while (at < text.size()) {
        uint64_t eight;
        while (text.size() - at >= sizeof eight) {
            std::memcpy(&eight, text.data() + at, sizeof eight);
            if ((eight & 0x8080808080808080u) != 0) break;
            at += sizeof eight;
        }
        if (at == text.size()) break;
        size_t length = sequence(text, at);
        if (length == 0) return false;
        at += length;
    }
    return true;
}

std::string repaired(std::string_view text) {
    std::string result;
    result.reserve(text.size() + 8);
    for (size_t at = 0; at < text.size();) {
        size_t length = sequence(text, at);
        if (length == 0) {
            result += "\xef\xbf\xbd";
            ++at;
        } else {
            result.append(text, at, length);
            at += length;
        }
    }
    return result;
}

}  // namespace archive
