/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

__attribute__((visibility("default"))) int strong_one(const char *text);
int strong_one(const char *text) { return (int)strlen(text); }

__attribute__((visibility("default"), weak)) int weak_one(void);
int weak_one(void) { return 1; }

__attribute__((visibility("hidden"))) int hidden_one(void);
int hidden_one(void) { return 2; }
