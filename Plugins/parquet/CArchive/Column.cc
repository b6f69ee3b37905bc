// SPDX-License-Identifier: Apache-2.0
#include "Column.hh"

#include <parquet/statistics.h>

namespace archive {

bool is_all_null(const parquet::RowGroupMetaData &metadata, int leaf) {
    auto chunk = metadata.ColumnChunk(leaf);
    if (!chunk->is_stats_set()) return false;
    auto statistics = chunk->statistics();
    return statistics != nullptr && statistics->HasNullCount() &&
           statistics->null_count() == metadata.num_rows();
}

}  // namespace archive
