#include "CSentiModels.h"

// The only source of these bytes is corpora/checks; a file that is changed there is a new build, and a
// file that is added there is added here.
#pragma clang diagnostic ignored "-Wc23-extensions"
static const unsigned char vocabularyBytes[] = {
#embed "../../corpora/checks/vocabulary.jsonl"
};
static const unsigned char negationNearBytes[] = {
#embed "../../corpora/checks/negation-near.jsonl"
};
static const unsigned char negationFarBytes[] = {
#embed "../../corpora/checks/negation-far.jsonl"
};
static const unsigned char litotesBytes[] = {
#embed "../../corpora/checks/litotes.jsonl"
};
static const unsigned char contrastBytes[] = {
#embed "../../corpora/checks/contrast.jsonl"
};
static const unsigned char comparativesBytes[] = {
#embed "../../corpora/checks/comparatives.jsonl"
};
static const unsigned char intensityBytes[] = {
#embed "../../corpora/checks/intensity.jsonl"
};
static const unsigned char temporalBytes[] = {
#embed "../../corpora/checks/temporal.jsonl"
};
static const unsigned char questionsBytes[] = {
#embed "../../corpora/checks/questions.jsonl"
};
static const unsigned char hearsayBytes[] = {
#embed "../../corpora/checks/hearsay.jsonl"
};
static const unsigned char ratingsBytes[] = {
#embed "../../corpora/checks/ratings.jsonl"
};
static const unsigned char factsBytes[] = {
#embed "../../corpora/checks/facts.jsonl"
};
static const unsigned char ironyBytes[] = {
#embed "../../corpora/checks/irony.jsonl"
};
static const unsigned char namesBytes[] = {
#embed "../../corpora/checks/names.jsonl"
};
static const unsigned char placesBytes[] = {
#embed "../../corpora/checks/places.jsonl"
};
static const unsigned char numbersBytes[] = {
#embed "../../corpora/checks/numbers.jsonl"
};
static const unsigned char typographyBytes[] = {
#embed "../../corpora/checks/typography.jsonl"
};
static const unsigned char caseBytes[] = {
#embed "../../corpora/checks/case.jsonl"
};
static const unsigned char typosBytes[] = {
#embed "../../corpora/checks/typos.jsonl"
};
static const unsigned char emojiBytes[] = {
#embed "../../corpora/checks/emoji.jsonl"
};
static const unsigned char addedTextBytes[] = {
#embed "../../corpora/checks/added-text.jsonl"
};
static const unsigned char markupBytes[] = {
#embed "../../corpora/checks/markup.jsonl"
};
static const unsigned char worseBytes[] = {
#embed "../../corpora/checks/worse.jsonl"
};
static const unsigned char betterBytes[] = {
#embed "../../corpora/checks/better.jsonl"
};

typedef struct {
  const char *_Nonnull name;
  CSentiModels_File file;
} NamedFile;

// In the order in which capabilities are reported.
static const NamedFile files[] = {
  {"vocabulary.jsonl", {vocabularyBytes, sizeof vocabularyBytes}},
  {"negation-near.jsonl", {negationNearBytes, sizeof negationNearBytes}},
  {"negation-far.jsonl", {negationFarBytes, sizeof negationFarBytes}},
  {"litotes.jsonl", {litotesBytes, sizeof litotesBytes}},
  {"contrast.jsonl", {contrastBytes, sizeof contrastBytes}},
  {"comparatives.jsonl", {comparativesBytes, sizeof comparativesBytes}},
  {"intensity.jsonl", {intensityBytes, sizeof intensityBytes}},
  {"temporal.jsonl", {temporalBytes, sizeof temporalBytes}},
  {"questions.jsonl", {questionsBytes, sizeof questionsBytes}},
  {"hearsay.jsonl", {hearsayBytes, sizeof hearsayBytes}},
  {"ratings.jsonl", {ratingsBytes, sizeof ratingsBytes}},
  {"facts.jsonl", {factsBytes, sizeof factsBytes}},
  {"irony.jsonl", {ironyBytes, sizeof ironyBytes}},
  {"names.jsonl", {namesBytes, sizeof namesBytes}},
  {"places.jsonl", {placesBytes, sizeof placesBytes}},
  {"numbers.jsonl", {numbersBytes, sizeof numbersBytes}},
  {"typography.jsonl", {typographyBytes, sizeof typographyBytes}},
  {"case.jsonl", {caseBytes, sizeof caseBytes}},
  {"typos.jsonl", {typosBytes, sizeof typosBytes}},
  {"emoji.jsonl", {emojiBytes, sizeof emojiBytes}},
  {"added-text.jsonl", {addedTextBytes, sizeof addedTextBytes}},
  {"markup.jsonl", {markupBytes, sizeof markupBytes}},
  {"worse.jsonl", {worseBytes, sizeof worseBytes}},
  {"better.jsonl", {betterBytes, sizeof betterBytes}},
};

size_t CSentiModels_checkFileCount(void) { return sizeof files / sizeof files[0]; }

const char *CSentiModels_checkFileName(size_t index) { return files[index].name; }

CSentiModels_File CSentiModels_checkFile(size_t index) { return files[index].file; }
