// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace helios::ingest {

/// Bytes in a row that grow at the end. What std::string does, without a terminator and a length to keep with each
/// short text: names are put together in it, and half of a decoder's time went there.
class ByteArena {
 public:
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::string_view view() const { return {bytes_.get(), size_}; }

  void Append(std::string_view text) {
    if (text.empty()) return;
    std::memcpy(Extend(text.size()), text.data(), text.size());
  }
  /// The text behind its length: u32, little endian.
  void AppendWithLength(std::string_view text) {
    const auto size = static_cast<std::uint32_t>(text.size());
    char* const at = Extend(sizeof size + text.size());
    std::memcpy(at, &size, sizeof size);
    if (!text.empty()) std::memcpy(at + sizeof size, text.data(), text.size());
  }
  /// `size` must not be above size().
  void Truncate(std::size_t size) { size_ = size; }
  /// Forgets all; gives memory above `kept` bytes back.
  void Clear(std::size_t kept) {
    size_ = 0;
    if (capacity_ <= kept) return;
    bytes_.reset();
    capacity_ = 0;
  }

 private:
  char* Extend(std::size_t more) {
    if (size_ + more > capacity_) [[unlikely]]
      Grow(size_ + more);
    char* const at = bytes_.get() + size_;
    size_ += more;
    return at;
  }
  void Grow(std::size_t wanted) {
    constexpr std::size_t kFirst = 64U << 10U;
    const std::size_t capacity = std::max({wanted, capacity_ * 2, kFirst});
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
    if (size_ > 0) std::memcpy(bytes.get(), bytes_.get(), size_);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace helios::ingest
