// SPDX-License-Identifier: Apache-2.0
#include "Names.hh"

#include "Text.hh"

namespace archive {

int32_t Names::number(std::string_view raw) {
    auto known = numbers_.find(raw);
    if (known != numbers_.end()) return known->second;
    const std::string &key = raw_.emplace_back(raw);
    bool valid = is_utf8(key);
    std::string text = valid ? key : repaired(key);
    bool is_system = text.starts_with("sys/");
    Kind kind = kind_named(text);
    names_.push_back({std::move(text), kind, !valid, is_system});
    int32_t number = count() - 1;
    numbers_.emplace(key, number);
    return number;
}

static std::string_view view(const parquet::ByteArray &value) {
    return value.len == 0 ? std::string_view("")
                          : std::string_view(reinterpret_cast<const char *>(value.ptr), value.len);
}

NameColumn::NameColumn(parquet::RowGroupReader &group, int index, const char *name, Names &names)
    : name_(name), names_(names) {
    if (index < 0) return;
    naming(name_, [&] {
        auto column = group.ColumnWithExposeEncoding(index, parquet::ExposedEncoding::DICTIONARY);
        exposed_ = column->GetExposedEncoding() == parquet::ExposedEncoding::DICTIONARY;
        reader_ = std::dynamic_pointer_cast<parquet::ByteArrayReader>(column);
        if (reader_ == nullptr) throw Failure(ARCHIVE_INVALID_DATA, "its physical type is not the schema's");
        max_definition_ = reader_->descr()->max_definition_level();
    });
}

void NameColumn::read(int64_t count, std::vector<int32_t> &into) {
    into.assign(static_cast<size_t>(count), -1);
    if (reader_ == nullptr) return;
    naming(name_, [&] {
        for (int64_t done = 0; done < count;) {
            int64_t wanted = std::min<int64_t>(count - done, size);
            int32_t *here = into.data() + done;
            int64_t levels = exposed_ ? read_indices(wanted, here) : read_texts(wanted, here);
            if (levels <= 0) {
                throw Failure(ARCHIVE_INVALID_DATA, "it has fewer values than its row group has rows");
            }
            done += levels;
        }
    });
}

void NameColumn::skip(int64_t count) {
    // Not Skip(): it would leave a reader that exposes its dictionary without one.
    std::vector<int32_t> unused;
    for (; count > 0; count -= std::min<int64_t>(count, size)) read(std::min<int64_t>(count, size), unused);
}

int32_t NameColumn::number_of(int32_t index) {
    if (index < 0 || static_cast<size_t>(index) >= known_.size()) {
        throw Failure(ARCHIVE_INVALID_DATA, "a dictionary index is out of range");
    }
    int32_t &number = known_[static_cast<size_t>(index)];
    if (number < 0) number = names_.number(view(dictionary_[index]));
    return number;
}

int64_t NameColumn::read_indices(int64_t count, int32_t *into) {
    int64_t value_count = 0;
    const parquet::ByteArray *dictionary = nullptr;
    int32_t dictionary_size = 0;
    int64_t levels =
        reader_->ReadBatchWithDictionary(count, max_definition_ > 0 ? definitions_.data() : nullptr, nullptr,
                                         indices_.data(), &value_count, &dictionary, &dictionary_size);
    if (dictionary != dictionary_ || static_cast<size_t>(dictionary_size) != known_.size()) {
        dictionary_ = dictionary;
        known_.assign(static_cast<size_t>(dictionary_size), -1);
    }
    int64_t next = 0;
    for (int64_t i = 0; i < levels; ++i) {
        if (max_definition_ > 0 && definitions_[static_cast<size_t>(i)] != max_definition_) continue;
        if (next == value_count) throw Failure(ARCHIVE_INVALID_DATA, "levels and values do not agree");
        into[i] = number_of(indices_[static_cast<size_t>(next++)]);
    }
    return levels;
}

int64_t NameColumn::read_texts(int64_t count, int32_t *into) {
    int64_t value_count = 0;
    int64_t levels = reader_->ReadBatch(count, max_definition_ > 0 ? definitions_.data() : nullptr, nullptr,
                                        texts_.data(), &value_count);
    int64_t next = 0;
    for (int64_t i = 0; i < levels; ++i) {
        if (max_definition_ > 0 && definitions_[static_cast<size_t>(i)] != max_definition_) continue;
        if (next == value_count) throw Failure(ARCHIVE_INVALID_DATA, "levels and values do not agree");
        into[i] = names_.number(view(texts_[static_cast<size_t>(next++)]));
    }
    return levels;
}

}  // namespace archive
