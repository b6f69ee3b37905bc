// SPDX-License-Identifier: Apache-2.0
//
// fuzz SCRATCH SEED CASES FILE…: damages the files at random and scans and reads what is left. Build it, and
// the core with it, with -fsanitize=address,undefined. It passes if nothing crashes and every failure has a
// message.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <host/arrow.h>

#include "archive.h"

using Bytes = std::vector<char>;

static std::mt19937_64 source;

static size_t below(size_t limit) { return limit == 0 ? 0 : source() % limit; }

static Bytes damaged(Bytes bytes) {
    uint32_t footer = 0;
    std::memcpy(&footer, bytes.data() + bytes.size() - 8, sizeof footer);
    switch (below(6)) {
    case 0: bytes.resize(below(bytes.size())); return bytes;
    case 1: {  // a stretch of zeros or ones
        size_t at = below(bytes.size());
        size_t count = std::min(bytes.size() - at, 1 + below(64));
        std::memset(bytes.data() + at, below(2) == 0 ? 0 : 0xff, count);
        return bytes;
    }
    case 2:  // the footer alone: lengths, offsets, types
        for (size_t i = 1 + below(3); i > 0; --i) {
            bytes[bytes.size() - 8 - footer + below(footer)] = static_cast<char>(source());
        }
        return bytes;
    case 3: {  // one stretch in the place of another
        size_t count = 1 + below(200);
        size_t from = below(bytes.size()), to = below(bytes.size());
        count = std::min({count, bytes.size() - from, bytes.size() - to});
        std::memmove(bytes.data() + to, bytes.data() + from, count);
        return bytes;
    }
    default:
        for (size_t i = 1 + below(8); i > 0; --i) {
            size_t at = below(bytes.size() - footer);
            bytes[at] =
                static_cast<char>(below(2) == 0 ? bytes[at] ^ (1 << below(8)) : static_cast<int>(source()));
        }
        return bytes;
    }
}

static void expect(bool holds, const char *what) {
    if (holds) return;
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}

// Every value is looked at, so that a bad offset does not hide.
static int64_t touch(const ArrowArray &array, const ArrowSchema &schema) {
    int64_t sum = array.length;
    for (int64_t child = 0; child < array.n_children; ++child) {
        sum += touch(*array.children[child], *schema.children[child]);
    }
    if (array.dictionary != nullptr) {
        const auto *indices = static_cast<const int32_t *>(array.buffers[1]);
        for (int64_t i = 0; i < array.length; ++i) {
            expect(indices[i] >= 0 && indices[i] < array.dictionary->length, "index");
        }
        sum += touch(*array.dictionary, *schema.dictionary);
    } else if (std::strcmp(schema.format, "u") == 0 && array.length > 0) {
        const auto *offsets = static_cast<const int32_t *>(array.buffers[1]);
        const auto *text = static_cast<const char *>(array.buffers[2]);
        for (int32_t i = offsets[0]; i < offsets[array.length]; ++i) sum += text[i];
    }
    return sum;
}

static int32_t read_all(const char *path, archive_error *error) {
    archive_reader *reader = nullptr;
    archive_position position{};
    int32_t status = archive_open(path, nullptr, nullptr, &reader, error);
    int64_t sum = 0;
    while (status == ARCHIVE_OK) {
        ArrowSchema schema{};
        ArrowArray array{};
        int32_t table = -1;
        status = archive_next(reader, &schema, &array, &table, &position, error);
        if (status != ARCHIVE_OK) break;
        if (table == ARCHIVE_FILES) {
            int64_t count = 0;
            const archive_file_row *rows = archive_files(reader, &count);
            for (int64_t i = 0; i < count; ++i) sum += rows[i].file.size > 0 ? rows[i].file.data[0] : 0;
            continue;
        }
        sum += touch(array, schema);
        schema.release(&schema);
        array.release(&array);
    }
    archive_close(reader);
    return sum == -1 ? -1 : status;
}

int main(int count, char **arguments) {
    if (count < 5) return 2;
    const std::string scratch = arguments[1];
    source.seed(static_cast<uint64_t>(std::atoll(arguments[2])));
    std::vector<Bytes> originals;
    for (int i = 4; i < count; ++i) {
        std::ifstream file(arguments[i], std::ios::binary);
        originals.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
        expect(originals.back().size() > 12, "a file to damage");
    }
    std::map<int32_t, int> outcomes;
    for (int turn = 0; turn < std::atoi(arguments[3]); ++turn) {
        Bytes bytes = damaged(originals[below(originals.size())]);
        std::ofstream(scratch, std::ios::binary | std::ios::trunc)
            .write(bytes.data(), static_cast<long>(bytes.size()));
        archive_error error{};
        archive_scan_result *scan = nullptr;
        int32_t status = archive_scan(scratch.c_str(), &scan, &error);
        expect((status == ARCHIVE_OK) == (scan != nullptr), "a result when and only when it is OK");
        expect(status == ARCHIVE_OK || error.message[0] != 0, "a message for every failure");
        archive_scan_free(scan);
        error = {};
        status = read_all(scratch.c_str(), &error);
        expect(status == ARCHIVE_END || (status == error.code && error.message[0] != 0),
               "a message for every failure");
        ++outcomes[status];
    }
    for (auto [status, number] : outcomes) std::printf("status %d: %d cases\n", status, number);
    return 0;
}
