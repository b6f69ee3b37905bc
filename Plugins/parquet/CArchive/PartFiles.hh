// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace archive {

// The names of one run's parts in its directory. A run is complete when part 0 has its final name.
class PartFiles {
  public:
    PartFiles(std::string directory, std::string stem);

    std::string unfinished(int64_t number) const { return finished(number) + ".tmp"; }
    std::string finished(int64_t number) const;

    // Deletes what an earlier attempt left unfinished.
    void remove_unfinished() const;
    // Puts parts 0 to `count` - 1 in the place of the run's earlier ones, part 0 last.
    void publish(int64_t count) const;

  private:
    std::vector<int64_t> numbers(const std::string &suffix) const;

    std::string directory_;
    std::string stem_;
};

}  // namespace archive
