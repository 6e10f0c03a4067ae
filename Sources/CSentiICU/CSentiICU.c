#include "CSentiICU.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/udata.h>
#include <unicode/uloc.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>
#include <unicode/uversion.h>

_Static_assert(sizeof(UChar) == sizeof(uint16_t), "text is UTF-16");
_Static_assert(sizeof(UErrorCode) == sizeof(int32_t), "a status is an int32_t");
_Static_assert(U_MAX_VERSION_STRING_LENGTH <= 20, "version strings fit 20 bytes");
_Static_assert(CSentiICU_graphemes == UBRK_CHARACTER && CSentiICU_words == UBRK_WORD, "units");
_Static_assert(CSentiICU_lines == UBRK_LINE && CSentiICU_sentences == UBRK_SENTENCE, "units");
_Static_assert(UBRK_WORD_NUMBER == 100 && UBRK_WORD_KANA == 300, "rule statuses of words");
_Static_assert(CSentiICU_alphabetic == UCHAR_ALPHABETIC, "properties");
_Static_assert(CSentiICU_defaultIgnorable == UCHAR_DEFAULT_IGNORABLE_CODE_POINT, "properties");
_Static_assert(CSentiICU_whiteSpace == UCHAR_WHITE_SPACE, "properties");
_Static_assert(CSentiICU_cased == UCHAR_CASED, "properties");
_Static_assert(CSentiICU_caseIgnorable == UCHAR_CASE_IGNORABLE, "properties");
_Static_assert(CSentiICU_emoji == UCHAR_EMOJI, "properties");
_Static_assert(CSentiICU_emojiPresentation == UCHAR_EMOJI_PRESENTATION, "properties");
_Static_assert(CSentiICU_letters == U_GC_L_MASK && CSentiICU_numbers == U_GC_N_MASK, "categories");
_Static_assert(CSentiICU_nonspacingMarks == U_GC_MN_MASK, "categories");
_Static_assert(CSentiICU_decimalDigits == U_GC_ND_MASK, "categories");
_Static_assert(CSentiICU_controlsAndFormats == (U_GC_CC_MASK | U_GC_CF_MASK), "categories");
_Static_assert(CSentiICU_punctuation == U_GC_P_MASK, "categories");

/// A caller's status as one of ICU's, which must say success before a call.
static UErrorCode *fresh(int32_t *status) {
  *status = U_ZERO_ERROR;
  return (UErrorCode *)status;
}

// MARK: Versions, errors, locales

void CSentiICU_getVersion(char *text20) {
  UVersionInfo version;
  u_getVersion(version);
  u_versionToString(version, text20);
}

void CSentiICU_getUnicodeVersion(char *text20) {
  UVersionInfo version;
  u_getUnicodeVersion(version);
  u_versionToString(version, text20);
}

const char *CSentiICU_errorName(int32_t status) { return u_errorName((UErrorCode)status); }

bool CSentiICU_isKnownLocale(const char *locale) {
  if (locale[0] == 0 || uloc_getISO3Language(locale)[0] != 0) return true;
  return locale[0] == 'r' && locale[1] == 'o' && locale[2] == 'o' && locale[3] == 't' &&
         locale[4] == 0;
}

// MARK: Boundaries

CSentiICU_Breaker *CSentiICU_Breaker_open(int32_t unit, const char *locale, int32_t *status) {
  UBreakIteratorType type = (UBreakIteratorType)unit;
  return (CSentiICU_Breaker *)ubrk_open(type, locale, NULL, 0, fresh(status));
}

CSentiICU_Breaker *CSentiICU_Breaker_clone(const CSentiICU_Breaker *breaker, int32_t *status) {
  const UBreakIterator *iterator = (const UBreakIterator *)breaker;
#if U_ICU_VERSION_MAJOR_NUM >= 69
  return (CSentiICU_Breaker *)ubrk_clone(iterator, fresh(status));
#else
  return (CSentiICU_Breaker *)ubrk_safeClone(iterator, NULL, NULL, fresh(status));
#endif
}

void CSentiICU_Breaker_close(CSentiICU_Breaker *breaker) {
  ubrk_close((UBreakIterator *)breaker);
}

void CSentiICU_Breaker_setText(
    CSentiICU_Breaker *breaker, const uint16_t *text, int32_t length, int32_t *status) {
  ubrk_setText((UBreakIterator *)breaker, text, length, fresh(status));
}

/// How many bytes of UTF-8 units take; each half of a pair of surrogates takes two.
static inline uint32_t byteCount(const uint16_t *units, int32_t count) {
  uint32_t bytes = (uint32_t)count;
  // Words are too short for vectors to pay.
#pragma clang loop vectorize(disable) unroll(disable)
  for (int32_t index = 0; index < count; index++) {
    bytes += (units[index] >= 0x80) + (units[index] >= 0x800 && !U16_IS_SURROGATE(units[index]));
  }
  return bytes;
}

/// The kind of the word that the iterator has just passed, of some units.
static inline uint8_t kindOf(
    const CSentiICU_Kinds *table, UBreakIterator *iterator, const uint16_t *units, int32_t count) {
  uint8_t kind = table->ofFirst[units[0]];
  if (kind == table->ideograph) return kind;
  int32_t ruleStatus = ubrk_getRuleStatus(iterator);
  if (ruleStatus >= UBRK_WORD_KANA) return table->ideograph;
  bool isSign = ruleStatus < UBRK_WORD_NUMBER;
  // Behind other characters the enclosing keycap makes an emoji of whatever it is.
  bool isKeycap = units[count - 1] == 0x20E3 && count > 1;
  // A space or a joiner may hold the emoji behind it.
  bool isHolder = kind == table->space && count > 1 && units[1] >= 0x80;
  bool isKnown = !isKeycap && !isHolder && (isSign || kind == table->word);
  if (isKnown) return kind;
  return isSign ? CSentiICU_unknownKind : CSentiICU_unknownWordKind;
}

int32_t CSentiICU_Breaker_next(
    CSentiICU_Breaker *breaker, const uint16_t *text, CSentiICU_Place *place, int32_t capacity,
    uint32_t *ends, const CSentiICU_Kinds *table, uint8_t *kinds) {
  UBreakIterator *iterator = (UBreakIterator *)breaker;
  int32_t count = 0;
  while (count < capacity) {
    int32_t end = ubrk_next(iterator);
    if (end == UBRK_DONE) break;
    const uint16_t *unit = text + place->unit;
    int32_t length = end - place->unit;
    if (table) kinds[count] = kindOf(table, iterator, unit, length);
    place->byte += byteCount(unit, length);
    ends[count++] = place->byte;
    place->unit = end;
  }
  return count;
}

// MARK: Dictionaries

static UScriptCode scriptOf(uint32_t codePoint) {
  UErrorCode code = U_ZERO_ERROR;
  return uscript_getScript((UChar32)codePoint, &code);
}

static bool isIn(uint32_t codePoint, uint32_t first, uint32_t last) {
  return codePoint >= first && codePoint <= last;
}

int32_t CSentiICU_runOf(uint32_t codePoint) {
  UChar32 character = (UChar32)codePoint;
  UScriptCode script = scriptOf(codePoint);
  if (u_getIntPropertyValue(character, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT) {
    if (script != USCRIPT_THAI) return CSentiICU_otherRun;
    bool isMark = u_getIntPropertyValue(character, UCHAR_WORD_BREAK) == U_WB_EXTEND;
    return isMark ? CSentiICU_thaiMark : CSentiICU_thaiLetter;
  }
  bool isHan = script == USCRIPT_HAN && isIn(codePoint, 0x4E00, 0x9FFF);
  bool isKana = (script == USCRIPT_HIRAGANA && isIn(codePoint, 0x3041, 0x3096)) ||
                (script == USCRIPT_KATAKANA && isIn(codePoint, 0x30A1, 0x30FA)) ||
                codePoint == 0x30FC;
  if (isHan || isKana) return CSentiICU_hanRun;
  bool isOther = script == USCRIPT_HAN || script == USCRIPT_HIRAGANA ||
                 script == USCRIPT_KATAKANA || u_hasBinaryProperty(character, UCHAR_IDEOGRAPHIC);
  return isOther ? CSentiICU_otherRun : CSentiICU_noRun;
}

/// Maps a dictionary of ICU; NULL where its form is not the one that is known.
static const int32_t *mapDictionary(const char *name, int32_t trieType) {
  // Indexes of a dictionary's header: the trie's offset, its type.
  enum { trieOffset = 0, typeOfTrie = 4, typeMask = 7, knownFormat = 1 };
  UErrorCode code = U_ZERO_ERROR;
  UDataMemory *memory = udata_open(U_ICUDATA_NAME "-brkitr", "dict", name, &code);
  if (U_FAILURE(code)) return NULL;
  UDataInfo info = {.size = sizeof info};
  udata_getInfo(memory, &info);
  const int32_t *header = udata_getMemory(memory);
  bool isKnown = memcmp(info.dataFormat, "Dict", 4) == 0 && info.formatVersion[0] == knownFormat &&
                 (header[typeOfTrie] & typeMask) == trieType && header[trieOffset] > 0;
  if (isKnown) return header;
  udata_close(memory);
  return NULL;
}

const void *CSentiICU_dictionary(int32_t dictionary, int32_t *base) {
  enum { knownVersion = 72, transform = 5, transformMask = 0x7F000000, byOffset = 0x1000000 };
  static _Atomic(const int32_t *) mapped[2];
  static const struct {
    const char *name;
    int32_t trieType, transformType;
  } forms[] = {{"cjdict", 1, 0}, {"thaidict", 0, byOffset}};
  UVersionInfo version;
  u_getVersion(version);
  if (version[0] != knownVersion) return NULL;
  const int32_t *header = atomic_load(mapped + dictionary);
  if (!header) header = mapDictionary(forms[dictionary].name, forms[dictionary].trieType);
  if (!header || (header[transform] & transformMask) != forms[dictionary].transformType) return NULL;
  atomic_store(mapped + dictionary, header);
  *base = header[transform] & 0x1FFFFF;
  return (const uint8_t *)header + header[0];
}

// MARK: Normalization

const CSentiICU_Normalizer *CSentiICU_Normalizer_instance(int32_t form, int32_t *status) {
  UErrorCode *code = fresh(status);
  switch (form) {
    case CSentiICU_nfc: return (const CSentiICU_Normalizer *)unorm2_getNFCInstance(code);
    case CSentiICU_nfd: return (const CSentiICU_Normalizer *)unorm2_getNFDInstance(code);
    case CSentiICU_nfkc: return (const CSentiICU_Normalizer *)unorm2_getNFKCInstance(code);
    case CSentiICU_nfkd: return (const CSentiICU_Normalizer *)unorm2_getNFKDInstance(code);
    default: *code = U_ILLEGAL_ARGUMENT_ERROR; return NULL;
  }
}

bool CSentiICU_Normalizer_hasBoundaryBefore(
    const CSentiICU_Normalizer *normalizer, uint32_t codePoint) {
  return unorm2_hasBoundaryBefore((const UNormalizer2 *)normalizer, (UChar32)codePoint);
}

bool CSentiICU_isNormalStarter(int32_t form, uint32_t codePoint) {
  static const UProperty quickChecks[] = {
      UCHAR_NFC_QUICK_CHECK, UCHAR_NFD_QUICK_CHECK, UCHAR_NFKC_QUICK_CHECK, UCHAR_NFKD_QUICK_CHECK};
  return u_getCombiningClass((UChar32)codePoint) == 0 &&
         u_getIntPropertyValue((UChar32)codePoint, quickChecks[form]) == UNORM_YES;
}

int32_t CSentiICU_Normalizer_normalizedPrefix(
    const CSentiICU_Normalizer *normalizer, const uint16_t *text, int32_t length,
    int32_t *status) {
  return unorm2_spanQuickCheckYes(
      (const UNormalizer2 *)normalizer, text, length, fresh(status));
}

int32_t CSentiICU_Normalizer_normalize(
    const CSentiICU_Normalizer *normalizer, const uint16_t *text, int32_t length,
    uint16_t *destination, int32_t capacity, int32_t *status) {
  return unorm2_normalize(
      (const UNormalizer2 *)normalizer, text, length, destination, capacity, fresh(status));
}

// MARK: Characters

int32_t CSentiICU_foldCase(uint32_t codePoint, uint16_t *destination6) {
  UErrorCode code = U_ZERO_ERROR;
  UChar source[2];
  int32_t length = 0;
  U16_APPEND_UNSAFE(source, length, (UChar32)codePoint);
  return u_strFoldCase(destination6, 6, source, length, U_FOLD_CASE_DEFAULT, &code);
}

/// Whether full case folding changes a character.
static bool isFolded(uint32_t codePoint) {
  UChar folded[6];
  int32_t length = CSentiICU_foldCase(codePoint, folded);
  int32_t sourceLength = U16_LENGTH(codePoint);
  UChar32 first;
  if (length != sourceLength) return true;
  U16_GET(folded, 0, 0, length, first);
  return first != (UChar32)codePoint;
}

/// Whether case folding changes a character of the Basic Multilingual Plane, asked of ICU once.
static inline bool isFoldedOnce(uint32_t codePoint) {
  enum { unknown = 0, stays = 1, changes = 2 };
  static _Atomic uint8_t answers[0x10000];
  uint8_t answer = atomic_load_explicit(answers + codePoint, memory_order_relaxed);
  if (answer == unknown) {
    answer = isFolded(codePoint) ? changes : stays;
    atomic_store_explicit(answers + codePoint, answer, memory_order_relaxed);
  }
  return answer == changes;
}

int64_t CSentiICU_firstFolded(const uint8_t *text, int64_t from, int64_t count) {
  while (from < count) {
    uint64_t eight = 0x80;
    if (from + 8 <= count) memcpy(&eight, text + from, 8);
    if ((eight & 0x8080808080808080) == 0) {
      from += 8;
      continue;
    }
    if (text[from] < 0x80) {
      from++;
      continue;
    }
    int64_t next = from;
    UChar32 codePoint;
    U8_NEXT_UNSAFE(text, next, codePoint);
    if (codePoint < 0x10000 ? isFoldedOnce(codePoint) : isFolded(codePoint)) return from;
    from = next;
  }
  return count;
}

int32_t CSentiICU_lowercase(
    const char *locale, const uint16_t *text, int32_t length, uint16_t *destination,
    int32_t capacity, int32_t *status) {
  return u_strToLower(destination, capacity, text, length, locale, fresh(status));
}

bool CSentiICU_takesAccents(uint32_t codePoint) {
  UScriptCode script = scriptOf(codePoint);
  return script == USCRIPT_LATIN || script == USCRIPT_GREEK || script == USCRIPT_CYRILLIC;
}

const char *CSentiICU_scriptName(uint32_t codePoint) {
  const char *name = uscript_getShortName(scriptOf(codePoint));
  return name ? name : "Zzzz";
}

bool CSentiICU_hasProperty(uint32_t codePoint, int32_t property) {
  return u_hasBinaryProperty((UChar32)codePoint, (UProperty)property);
}

bool CSentiICU_isOfCategories(uint32_t codePoint, uint32_t categories) {
  return (U_GET_GC_MASK((UChar32)codePoint) & categories) != 0;
}

uint8_t CSentiICU_combiningClass(uint32_t codePoint) {
  return u_getCombiningClass((UChar32)codePoint);
}

// MARK: Encodings

enum { unitCapacity = 4096 };

struct CSentiICU_Converter {
  UConverter *converter;
  /// The first half of a pair of surrogates whose second is still to come; 0 for none.
  UChar lead;
};

CSentiICU_Converter *CSentiICU_Converter_open(const char *encoding, int32_t *status) {
  UErrorCode *code = fresh(status);
  UConverter *converter = ucnv_open(encoding, code);
  if (U_FAILURE(*code)) return NULL;
  ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, code);
  CSentiICU_Converter *opened = calloc(1, sizeof *opened);
  if (opened == NULL || U_FAILURE(*code)) {
    ucnv_close(converter);
    free(opened);
    return NULL;
  }
  opened->converter = converter;
  return opened;
}

void CSentiICU_Converter_close(CSentiICU_Converter *converter) {
  ucnv_close(converter->converter);
  free(converter);
}

/// Writes units as UTF-8, keeps the first half of a pair at their end, and returns what follows.
static uint8_t *writeUTF8(
    CSentiICU_Converter *converter, const UChar *units, const UChar *limit, uint8_t *destination) {
  int32_t written = 0;
  for (; units < limit; units++) {
    if (U16_IS_LEAD(*units)) {
      converter->lead = *units;
      continue;
    }
    UChar32 character = *units;
    if (U16_IS_TRAIL(*units)) character = U16_GET_SUPPLEMENTARY(converter->lead, *units);
    converter->lead = 0;
    U8_APPEND_UNSAFE(destination, written, character);
  }
  return destination + written;
}

/// Whether a status says that bytes stand for no character.
static bool isOfText(UErrorCode code) {
  return code == U_INVALID_CHAR_FOUND || code == U_ILLEGAL_CHAR_FOUND ||
         code == U_TRUNCATED_CHAR_FOUND || code == U_ILLEGAL_ESCAPE_SEQUENCE;
}

int64_t CSentiICU_Converter_convert(
    CSentiICU_Converter *converter, const uint8_t *source, CSentiICU_Stretch *stretch,
    uint8_t *destination, int64_t capacity, int32_t *status) {
  const char *next = (const char *)source + stretch->from;
  const char *end = (const char *)source + stretch->end;
  uint8_t *target = destination;
  UChar units[unitCapacity];
  UErrorCode *code = fresh(status);
  stretch->isFull = true;
  do {
    // A unit takes three bytes at most, the second half of a pair four with the first, and one more
    // stands for what is no character.
    int64_t room = (capacity - (target - destination) - 4) / 3;
    if (room < 1) break;
    UChar *unit = units;
    *code = U_ZERO_ERROR;
    ucnv_toUnicode(
        converter->converter, &unit, units + (room < unitCapacity ? room : unitCapacity), &next, end,
        NULL, stretch->isLast, code);
    target = writeUTF8(converter, units, unit, target);
    if (isOfText(*code)) *target++ = 0xFF;
  } while (isOfText(*code) || *code == U_BUFFER_OVERFLOW_ERROR);
  if (U_SUCCESS(*code)) stretch->isFull = false;
  if (isOfText(*code) || *code == U_BUFFER_OVERFLOW_ERROR) *code = U_ZERO_ERROR;
  stretch->from = (int64_t)(next - (const char *)source);
  return target - destination;
}
