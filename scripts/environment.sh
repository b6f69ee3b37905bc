# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts: where pkg-config finds the Arrow that setup unpacked.
export PKG_CONFIG_PATH=$PWD/.deps/arrow/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
