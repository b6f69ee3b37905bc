// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "archive.h"

namespace archive {

bool is_utf8(std::string_view text);

// The text with U+FFFD in the place of every byte that belongs to no valid sequence.
std::string repaired(std::string_view text);

inline archive_text as_text(std::string_view text) {
    return {text.data() != nullptr ? text.data() : "", static_cast<int64_t>(text.size())};
}

inline std::string_view as_view(archive_text text) {
    return text.data == nullptr ? std::string_view()
                                : std::string_view(text.data, static_cast<size_t>(text.size));
}

}  // namespace archive
