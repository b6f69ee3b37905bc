// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "Column.hh"
#include "Kind.hh"

namespace archive {

// The distinct texts of a column that repeats itself, numbered in the order first seen.
class Names {
  public:
    struct Name {
        std::string text;  // valid UTF-8
        Kind kind;
        bool repaired;  // the file has other bytes
        bool is_system;
    };

    int32_t number(std::string_view raw);
    const Name &operator[](int32_t number) const { return names_[static_cast<size_t>(number)]; }
    int32_t count() const { return static_cast<int32_t>(names_.size()); }

  private:
    std::deque<Name> names_;
    std::deque<std::string> raw_;  // owns the keys
    std::unordered_map<std::string_view, int32_t> numbers_;
};

// A text column as numbers into Names. Where the chunk is dictionary encoded, no text is touched row by row.
class NameColumn {
  public:
    // `index` -1 reads as null.
    NameColumn(parquet::RowGroupReader &group, int index, const char *name, Names &names);

    // `into` gets `count` numbers, -1 for null.
    void read(int64_t count, std::vector<int32_t> &into);
    void skip(int64_t count);

  private:
    int64_t read_indices(int64_t count, int32_t *into);
    int64_t read_texts(int64_t count, int32_t *into);
    int32_t number_of(int32_t index);

    static constexpr int64_t size = 4096;

    const char *name_;
    Names &names_;
    std::shared_ptr<parquet::ByteArrayReader> reader_;
    bool exposed_ = false;
    int16_t max_definition_ = 0;
    const parquet::ByteArray *dictionary_ = nullptr;
    std::vector<int32_t> known_;  // dictionary index → number, -1 until met
    std::array<int16_t, size> definitions_;
    std::array<int32_t, size> indices_;
    std::array<parquet::ByteArray, size> texts_;
};

}  // namespace archive
