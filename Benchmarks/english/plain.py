#!/usr/bin/env python3
"""Writes plain sentences by templates, so that a model meets what reviews seldom say.

usage: plain.py OUT.jsonl [--count N] [--seed S] [--without FILE ...]

Reviews are long, opinionated and seldom negate what they say. The sentences here state facts, ask
questions, negate praise and blame, concede, compare, and give verdicts that are neither good nor bad.
Each line has `text`, `probabilities` of negative, neutral and positive (soft where people would
differ) and `source`, the name of the template's group. A sentence that stands in one of the files of
`--without` (one text a line, or JSON Lines with `text` and `variants`) is left out, whatever its case and punctuation,
so that what a model is measured by is not learned by heart.

The same seed gives the same file.
"""
import argparse
import collections
import json
import pathlib
import random
import re

NEGATIVE, NEUTRAL, POSITIVE = (0.95, 0.04, 0.01), (0.03, 0.94, 0.03), (0.01, 0.04, 0.95)
MILDLY_NEGATIVE, MILDLY_POSITIVE = (0.7, 0.25, 0.05), (0.06, 0.26, 0.68)
MIXED = (0.22, 0.58, 0.20)

# A thing, its aspects, and what is done with it (past participle, past tense).
THINGS = {
    "film": (["plot", "acting", "ending", "music", "dialogue", "pacing", "cast", "script", "opening"],
             "seen", "watched"),
    "movie": (["story", "acting", "soundtrack", "camera work", "humour", "finale", "lead"],
              "seen", "watched"),
    "book": (["plot", "prose", "ending", "translation", "first chapter", "heroine", "cover"],
             "read", "read"),
    "novel": (["style", "story", "last chapter", "dialogue", "setting"], "read", "read"),
    "show": (["first season", "writing", "cast", "pilot", "humour"], "seen", "watched"),
    "album": (["production", "singing", "second half", "lyrics", "sound"], "heard", "bought"),
    "phone": (["battery", "screen", "camera", "speaker", "charger", "keyboard", "finish"],
              "owned", "bought"),
    "laptop": (["keyboard", "fan", "screen", "trackpad", "battery life", "hinge"], "used", "bought"),
    "camera": (["lens", "autofocus", "menu", "viewfinder", "grip"], "used", "bought"),
    "kettle": (["lid", "handle", "spout", "switch", "cord"], "had", "bought"),
    "vacuum cleaner": (["suction", "hose", "noise", "cord", "filter"], "owned", "bought"),
    "jacket": (["zip", "lining", "fit", "colour", "fabric", "hood"], "worn", "ordered"),
    "pair of shoes": (["sole", "fit", "leather", "stitching", "laces"], "worn", "ordered"),
    "dress": (["cut", "fabric", "colour", "zip", "length"], "worn", "ordered"),
    "toy": (["paint", "packaging", "design", "motor"], "bought", "bought"),
    "hotel": (["room", "breakfast", "pool", "lobby", "staff", "bed", "location", "bathroom"],
              "stayed at", "booked"),
    "restaurant": (["food", "service", "menu", "wine list", "soup", "dessert", "waiter", "music"],
                   "eaten at", "tried"),
    "cafe": (["coffee", "cake", "barista", "seating", "music"], "been to", "tried"),
    "bar": (["beer", "staff", "atmosphere", "playlist"], "been to", "tried"),
    "app": (["interface", "search", "login", "sync", "design", "latest update"], "used", "installed"),
    "website": (["layout", "search", "checkout", "support"], "used", "visited"),
    "game": (["story", "controls", "graphics", "multiplayer", "tutorial"], "played", "bought"),
    "airline": (["crew", "seat", "food", "check-in", "boarding"], "flown with", "booked"),
    "course": (["teacher", "material", "pace", "homework"], "taken", "took"),
    "service": (["support", "delivery", "billing", "hotline"], "used", "tried"),
    "headset": (["sound", "microphone", "headband", "cable"], "owned", "bought"),
}
GOOD = ("good great excellent wonderful fantastic superb lovely brilliant amazing delightful charming "
        "beautiful perfect outstanding impressive terrific pleasant fine solid enjoyable marvellous "
        "awesome nice first-rate satisfying").split()
BAD = ("bad terrible awful horrible dreadful poor disappointing mediocre dull lousy annoying weak "
       "useless pathetic unpleasant frustrating shoddy sloppy atrocious abysmal ugly ridiculous "
       "unacceptable cheap-looking second-rate").split()
PLEASED = "happy pleased impressed satisfied delighted thrilled comfortable relaxed".split()
DISPLEASED = "disappointed annoyed frustrated bored angry unhappy let down fed up embarrassed".split(" ")
DISPLEASED = ["disappointed", "annoyed", "frustrated", "bored", "angry", "unhappy", "let down",
              "fed up", "embarrassed"]
INTENSE = ["very", "really", "extremely", "so", "absolutely", "truly", "incredibly", "quite", "super"]
NAMES = ("Anna Ben Carla David Elena Farid Grace Hiro Ingrid James Kofi Lena Maria Nikhil Olga Paul "
         "Rosa Sam Tom Uma Victor Wei Yusuf Zoe").split()
PEOPLE = ["my sister", "my brother", "my wife", "my husband", "a friend", "my boss", "my neighbour",
          "my son", "my daughter", "my mother", "a colleague"]
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November".split()
COLOURS = "red blue green black white grey brown yellow silver".split()
PLACES = ("station|airport|library|museum|post office|pharmacy|supermarket|bank|town hall|car park|bus "
          "stop|harbour|school").split("|")
OBJECTS = ("apples|tickets|chairs|pencils|bottles|envelopes|batteries|towels|plates|books|eggs|screws|"
           "shirts|candles").split("|")
CITIES = ("Paris Oslo Lima Cairo Delhi Boston Leeds Kyoto Porto Quebec Dublin Perth Austin Geneva "
          "Seville Nairobi").split()
ROOM_PARTS = ("a desk|two beds|a wardrobe|a balcony|a window to the street|a small fridge|a sofa|a "
              "bathtub|three lamps|a safe").split("|")


class Words:
    """Draws words for templates."""

    def __init__(self, generator):
        self.generator = generator
        self.thing = generator.choice(list(THINGS))

    def one(self, words):
        return self.generator.choice(words)

    def number(self, low=2, high=99):
        if self.generator.random() < 0.2:
            return self.one("two three four five six seven eight nine ten twelve".split())
        return str(self.generator.randint(low, high))

    @property
    def aspect(self):
        return self.one(THINGS[self.thing][0])

    @property
    def done(self):
        return THINGS[self.thing][1]

    @property
    def did(self):
        return THINGS[self.thing][2]

    @property
    def subject(self):
        return self.one([f"the {self.aspect}", f"this {self.thing}", f"the {self.thing}", "it",
                         f"its {self.aspect}", f"the {self.aspect} of this {self.thing}"])

    @property
    def good(self):
        return self.one(GOOD)

    @property
    def bad(self):
        return self.one(BAD)

    @property
    def opinion_holder(self):
        return self.one(["I", "we", self.one(PEOPLE), "everyone in my family"])

    @property
    def time(self):
        return self.one([f"{self.generator.randint(1, 12)} {self.one(['am', 'pm'])}", "noon",
                         f"{self.generator.randint(7, 22)}:{self.one(['00', '15', '30', '45'])}"])


def with_article(words):
    return ("an " if words[0] in "aeiou" else "a ") + words


def verdicts(w):
    """Plain praise and blame."""
    is_good = w.generator.random() < 0.5
    word, label = (w.good, POSITIVE) if is_good else (w.bad, NEGATIVE)
    strong = w.one(["", "", f"{w.one(INTENSE)} "])
    return w.one([
        f"{w.subject} is {strong}{word}", f"{w.subject} was {strong}{word}",
        f"what {with_article(word)} {w.thing}", f"{word} {w.aspect}", f"{strong}{word}",
        f"{with_article(word)} {w.thing} with {with_article(word)} {w.aspect}",
        f"I found {w.subject} {strong}{word}", f"I think {w.subject} is {strong}{word}",
        f"{w.subject} looks {word} and feels {word}",
    ]), label


def negated_praise(w):
    good, subject = w.good, w.subject
    return w.one([
        f"{subject} is not {good}", f"{subject} isn't {good}", f"{subject} was not {good} at all",
        f"{subject} wasn't {w.one(['very', 'particularly', 'that', 'exactly', 'really'])} {good}",
        f"I don't think {subject} is {good}", f"I wouldn't call {subject} {good}",
        f"I can't say that {subject} was {good}", f"no one would call {subject} {good}",
        f"there is nothing {good} about {subject}", f"{subject} is neither {good} nor {w.good}",
        f"{subject} is far from {good}", f"{subject} is anything but {good}",
        f"{subject} never felt {good}", f"I did not find {subject} {good}",
        f"it would be a lie to say that {subject} is {good}",
        f"{subject} is hardly {good}", f"not {w.one(['a', 'one'])} {good} {w.aspect}",
        f"I expected {with_article(good)} {w.thing} and did not get one",
    ]), NEGATIVE


def negated_blame(w):
    bad, subject = w.bad, w.subject
    return w.one([
        f"{subject} is not {bad} at all", f"{subject} isn't {bad}", f"{subject} is not {bad}",
        f"not {bad} at all", f"{subject} wasn't {bad}, I liked it",
        f"I can't find anything {bad} about {subject}", f"there is nothing {bad} about {subject}",
        f"I don't think {subject} is {bad}", f"{subject} is far from {bad}",
        f"{subject} is anything but {bad}", f"I was never {w.one(DISPLEASED)} with {subject}",
        f"people who call {subject} {bad} are wrong", f"I have nothing {bad} to say about {subject}",
        f"no {w.one(['complaints', 'problems', 'issues', 'regrets'])} {w.one(['at all', 'whatsoever', 'so far'])}",
        f"I have no complaints about {subject}", f"{subject} did not disappoint",
        f"{subject} never {w.one(['disappoints', 'lets me down', 'bores me', 'fails'])}",
        f"I can't complain about {subject}",
    ]), MILDLY_POSITIVE if w.generator.random() < 0.4 else POSITIVE


def superlatives(w):
    thing = w.thing
    is_good = w.generator.random() < 0.5
    if is_good:
        return w.one([
            f"I have never been so {w.one(PLEASED)} with {with_article(thing)}",
            f"I've never {w.done} a {w.one(['better', 'finer', 'nicer'])} {thing}",
            f"{w.subject} couldn't be {w.one(['better', 'nicer', 'more ' + w.one(['helpful', 'fun', 'useful'])])}",
            f"I couldn't be {w.one(['happier', 'more pleased', 'more satisfied'])} with {w.subject}",
            f"I could not be happier with {w.subject}", f"it could not have been better",
            f"I can't recommend this {thing} {w.one(['enough', 'highly enough', 'too highly'])}",
            f"I cannot recommend {w.subject} enough", f"I can't praise {w.subject} enough",
            f"I would not hesitate to recommend this {thing}",
            f"the best {thing} I have {w.one(['ever ', ''])}{w.done}",
            f"I wouldn't change a thing about {w.subject}", f"I can't imagine a better {thing}",
            f"I couldn't {w.one(['stop smiling', 'stop laughing', 'put it down', 'ask for more', 'wish for more', 'get enough of it'])}",
            f"nothing beats this {thing}", f"it doesn't get any better than this {thing}",
            f"never had {with_article(w.good)} {thing} like this one before",
        ]), POSITIVE
    return w.one([
        f"I have never been so {w.one(DISPLEASED)} {w.one(['by', 'with'])} {with_article(thing)}",
        f"I've never {w.done} a worse {thing}", f"never again",
        f"{w.subject} couldn't be {w.one(['worse', 'more boring', 'less helpful', 'more confusing'])}",
        f"I couldn't be {w.one(['more disappointed', 'less impressed', 'unhappier'])} with {w.subject}",
        f"it could not have been worse", f"I can't recommend this {thing}",
        f"I cannot recommend {w.subject} to {w.one(['anyone', 'anybody', 'my friends', 'you'])}",
        f"I would not recommend this {thing} to {w.one(['anyone', 'my worst enemy', 'a friend'])}",
        f"I wouldn't recommend {w.subject}", f"the worst {thing} I have {w.one(['ever ', ''])}{w.done}",
        f"I can't think of one {w.good} thing to say about {w.subject}",
        f"I couldn't {w.one(['stop yawning', 'wait for it to end', 'finish it', 'get through it', 'stand it', 'make it work'])}",
        f"it doesn't get any worse than this {thing}", f"I have {w.done} better",
        f"even a bad {thing} is better than this one",
        f"{w.subject} could be {w.one(['better', 'much better', 'a lot better'])}",
        f"{w.subject} could have been {w.one(['better', 'so much better', 'great'])}",
        f"{w.subject} should have been {w.one(['better', 'shorter', 'cheaper'])}",
    ]), NEGATIVE


def contrasts(w):
    good = f"{w.subject} is {w.good}"
    bad = w.one([f"{w.subject} is {w.bad}", f"the {w.aspect} {w.one(['ruins it', 'lets it down', 'is a mess'])}"])
    kind = w.generator.random()
    if kind < 0.35:
        return w.one([f"{good}, but {bad}", f"{w.good}, but {w.bad}", f"although {good}, {bad}",
                      f"{good}; still, {bad}", f"{good}. But {bad}"]), (0.62, 0.24, 0.14)
    if kind < 0.7:
        better = w.one([f"{w.subject} makes up for it", f"{w.subject} is {w.good}", "I loved it",
                        "I would buy it again", f"what {with_article(w.good)} {w.aspect}",
                        f"what {with_article(w.aspect)}", f"oh, what {with_article(w.aspect)}"])
        start = w.one(["slow", "weak", "dull", "quiet", "confusing", "boring", "rough", "clumsy", w.bad])
        return w.one([f"{bad}, but {better}", f"{w.bad} at first, but {better}",
                      f"although {bad}, {better}", f"{start} to start, but {better}",
                      f"{start} at {w.one(['the start', 'the beginning', 'first'])}, but {better}",
                      f"{w.subject} is {start} at first, but {better}", f"it takes a while, but {better}",
                      f"despite {with_article(w.bad)} {w.aspect}, {better}"]), (0.1, 0.16, 0.74)
    return w.one([
        f"some parts are {w.good}, others are {w.bad}", f"parts of it are {w.good}, parts of it are {w.bad}",
        f"{good} and {bad}", f"the {w.aspect} is {w.good}, the rest is {w.bad}", f"half of it is {w.good}",
        f"I liked the {w.aspect} and disliked the {w.aspect}", "it has its ups and downs",
        f"there is as much to like as to dislike in this {w.thing}", "a mixed bag",
        f"good days and bad days with this {w.thing}",
        f"the first half is {w.good}, the second {w.bad}", f"{w.aspect} {w.good}, {w.aspect} {w.bad}",
        f"as {w.good} as it is {w.bad}",
    ]), MIXED


def over_time(w):
    thing = w.thing
    if w.generator.random() < 0.6:
        return w.one([
            f"I used to {w.one(['love', 'like', 'recommend', 'enjoy'])} this {thing}, but "
            f"{w.one(['not anymore', 'not any longer', 'now I avoid it', 'it has gone downhill'])}",
            f"it worked {w.one(['well', 'fine', 'great'])} at first, then it {w.one(['broke', 'died', 'fell apart', 'slowed to a crawl'])}",
            f"{w.subject} was {w.good} once", f"{w.subject} used to be {w.good}",
            f"it {w.one(['broke', 'stopped working', 'fell apart', 'died', 'started to leak'])} after {w.number(2, 20)} {w.one(['days', 'weeks', 'uses', 'months'])}",
            f"{w.subject} has got worse since the last {w.one(['update', 'time', 'visit', 'season'])}",
            f"I gave it a second chance and regretted it", f"I liked it until the {w.aspect} failed",
        ]), NEGATIVE
    return w.one([
        f"I used to {w.one(['hate', 'dislike', 'avoid'])} this {thing}, but now I {w.one(['love it', 'like it', 'use it daily'])}",
        f"I did not like it at first, now I {w.one(['love it', 'would not be without it'])}",
        f"{w.subject} has got better since the last {w.one(['update', 'time', 'visit', 'season'])}",
        f"still {w.one(['works', 'looks', 'feels'])} like new after {w.number(2, 9)} years",
        f"it has not {w.one(['broken', 'failed me', 'let me down', 'crashed'])} once in {w.number(2, 9)} years",
        f"it grew on me", f"I have used it every day for {w.number(2, 9)} years",
    ]), POSITIVE


def deeds(w):
    """Opinions that no adjective tells."""
    thing = w.thing
    if w.generator.random() < 0.5:
        return w.one([
            f"I {w.one(['bought', 'ordered', 'got'])} {w.one(['a second one', 'another one', 'two more', 'one more'])} for {w.one(PEOPLE)}",
            "worth every penny", "worth the wait", "money well spent", f"I will be back", "we will come again",
            f"I use it every {w.one(['day', 'morning', 'week'])}", "works like a charm", "it does what it says on the box",
            "does exactly what it should", f"{w.one(PEOPLE)} loves it", f"{w.one(PEOPLE)} asked where I bought it",
            f"I {w.did} it twice in one week", "we laughed the whole evening", "I recommend it to everyone",
            f"I smiled from start to finish", "exactly what I was looking for", "thank you", "keep it up",
            f"five stars for the {w.aspect}", f"two thumbs up", "fast delivery, works perfectly",
            f"the {w.aspect} alone is worth the price", "we stayed an extra night", f"can't wait for the next {thing}",
            f"thanks for the quick help", "made my day", "highly recommended", f"my favourite {thing}",
        ]), POSITIVE
    return w.one([
        f"I {w.one(['returned it', 'sent it back', 'threw it away', 'gave it away'])} {w.one(['the next day', 'after a week', 'at once'])}",
        f"a waste of {w.one(['money', 'time', 'paper', 'space'])}", "I want my money back", f"I want a refund",
        f"{w.number(2, 4)} hours of my life that I won't get back",
        f"{w.number(2, 90)} {w.one(['hours', 'minutes'])} of my {w.one(['life', 'evening', 'weekend'])} I "
        f"{w.one(['will never get back', 'want back', 'would like back'])}",
        f"I want {w.one(['those', 'my'])} {w.number(2, 90)} {w.one(['hours', 'minutes', 'dollars'])} back",
        f"give me back my {w.number(2, 40)} {w.one(['hours', 'dollars', 'minutes'])}",
        f"{w.number(2, 9)} {w.one(['hours', 'evenings', 'days'])} {w.one(['wasted', 'down the drain', 'I regret'])}", f"I fell asleep {w.one(['halfway through', 'after ten minutes'])}",
        f"it {w.one(['leaks', 'rattles', 'smells', 'crashes', 'overheats', 'scratches'])} and the {w.aspect} does not {w.one(['work', 'fit', 'close'])}",
        "does not work", "did not work", "stopped working", "save your money", "avoid", "stay away", "thanks for nothing",
        f"I regret buying it", f"{w.one(PEOPLE)} walked out after {w.number(5, 40)} minutes",
        f"we waited {w.number(30, 90)} minutes and nobody came", f"they {w.one(['ignored us', 'lost my order', 'charged me twice', 'hung up on me', 'never answered'])}",
        f"the {w.aspect} was cold and the {w.aspect} was dirty", f"zero stars for the {w.aspect}", "not worth the price",
        "not worth it", "two thumbs down", f"I expected more", "I expected better", f"I deleted it after a day",
        f"my {w.one(['flight', 'order', 'delivery', 'refund'])} was {w.one(['delayed again', 'cancelled', 'lost', 'refused'])}",
        f"never {w.one(['arrived', 'came', 'worked'])}", f"great, another {w.one(['delay', 'update that breaks it', 'bug', 'broken cable'])}",
        f"oh wonderful, the {w.aspect} {w.one(['broke', 'failed', 'died'])} again",
        f"just what I needed, another {w.one(['broken', 'useless', 'missing'])} {w.aspect}",
        f"a masterpiece of {w.one(['tedium', 'incompetence', 'bad taste'])}", "what a joke",
    ]), NEGATIVE


def middling(w):
    return w.one([
        "it's okay", "it is ok", "okay", "ok I guess", "it's alright", "it was fine, I suppose", "nothing special",
        "nothing to write home about", "so-so", "so so", "average", "meh", "fair", "no strong opinion",
        f"an average {w.thing}", f"{w.subject} is okay", f"{w.subject} is average", f"{w.subject} was so-so",
        f"{w.subject} is neither good nor bad", f"{w.subject} is not bad, but not great either",
        f"{w.subject} isn't the worst, but not the best either", f"{w.subject} is nothing special", "take it or leave it",
        f"just another {w.thing}", f"a {w.thing} like many others", "it is what it is", "3 stars", "three stars",
        "3/5", "5/10", "3 out of 5", "5 out of 10", "middle of the road", f"not the worst {w.thing} I've {w.done}",
        f"{w.subject} does the job, no more and no less", "I could take it or leave it", "no opinion either way",
        f"I neither liked nor disliked {w.subject}", f"I don't have an opinion about {w.subject}", "mixed feelings",
    ]), (0.16, 0.74, 0.10)


def ratings(w):
    ten = w.generator.randint(1, 10)
    star = w.generator.randint(0, 5)
    words = ["zero", "one", "two", "three", "four", "five"]
    is_ten = w.generator.random() < 0.4
    value = ten / 10 if is_ten else star / 5
    text = w.one([f"{ten}/10", f"{ten} out of 10", f"I give it {with_article(str(ten))} out of 10"]) if is_ten else \
        w.one([f"{star} stars", f"{words[star]} stars", f"{star}/5", f"{star} out of 5", f"{words[star]} out of five",
               f"{words[star]} stars from me", f"I'd give it {words[star]} stars"])
    if value <= 0.4:
        return text, NEGATIVE
    if value >= 0.8:
        return text, POSITIVE
    return text, NEUTRAL if value < 0.65 else MILDLY_POSITIVE


def comparisons(w):
    other = w.one(["my old one", "the last one", f"any other {w.thing}", "the one before", "the original", "most",
                   f"the {w.thing} next door"])
    if w.generator.random() < 0.5:
        return w.one([f"{w.subject} is better than {other}", f"much better than {other}", f"I prefer it to {other}",
                      f"{w.subject} beats {other}", f"not as bad as people say", "better than expected",
                      "better than I thought", f"{other} is not as good as this one",
                      f"{w.subject} is more {w.one(['comfortable', 'reliable', 'fun', 'useful'])} than {other}"]), POSITIVE
    return w.one([f"{w.subject} is worse than {other}", f"much worse than {other}", f"I prefer {other}",
                  f"{other} was better", f"not as good as {other}", f"not as good as people say", "worse than expected",
                  f"{w.subject} is no match for {other}", f"I've had better", "I liked the old one more",
                  f"{w.subject} is less {w.one(['comfortable', 'reliable', 'fun', 'useful'])} than {other}"]), NEGATIVE


def facts(w):
    thing, name = w.thing, w.one(NAMES)
    return w.one([
        f"the {w.one(['film', 'movie', 'show', 'talk', 'concert', 'game'])} is {w.number(20, 200)} minutes long",
        f"the film was made in {w.generator.randint(1930, 2020)}", f"the {thing} costs {w.number(5, 900)} dollars",
        f"the {w.one(['package', 'parcel', 'letter', 'order', 'box'])} {w.one(['arrived', 'was sent', 'will come', 'was collected'])} on {w.one(DAYS)}",
        f"{name} bought {w.number(2, 40)} {w.one(OBJECTS)} at the {w.one(['market', 'shop', 'station'])}",
        f"{w.one(['she', 'he', name])} lives in {w.one(CITIES)}", f"the {w.one(PLACES)} {w.one(['opens', 'closes'])} at {w.time}",
        f"the meeting {w.one(['is', 'starts', 'ends'])} at {w.time}", f"the train leaves at {w.time} from platform {w.number(1, 12)}",
        f"the {w.one(PLACES)} is next to the {w.one(PLACES)}", f"the room has {w.one(ROOM_PARTS)} and {w.one(ROOM_PARTS)}",
        f"the {thing} comes in {w.one(COLOURS)} and {w.one(COLOURS)}", f"the box contains {w.number(2, 30)} {w.one(OBJECTS)}",
        f"this is {w.one(['a review', 'a picture', 'a description', 'the manual'])} of the {thing}",
        f"I {w.did} this {thing} in {w.one(MONTHS)}", f"I {w.did} it on {w.one(DAYS)}", f"the {w.aspect} is {w.one(COLOURS)}",
        f"it has {w.number(2, 60)} {w.one(['pages', 'buttons', 'rooms', 'seats', 'chapters', 'songs', 'pockets'])}",
        f"it weighs {w.number(2, 900)} {w.one(['grams', 'pounds', 'kilos'])}", f"the {thing} was {w.one(['made', 'designed', 'assembled'])} in {w.one(CITIES)}",
        f"the capital of the region is {w.one(CITIES)}", f"{name} is the {w.one(['author', 'director', 'manager', 'owner'])} of the {thing}",
        f"{name} and {w.one(NAMES)} went to {w.one(CITIES)} by {w.one(['train', 'bus', 'car', 'boat'])}",
        f"{w.one(['ice', 'lead', 'wax', 'iron'])} melts at {w.number(10, 900)} degrees", f"the sun {w.one(['rises', 'sets'])} at {w.time}",
        f"the story takes place in {w.one(CITIES)}", f"the film is about {w.one(['a family', 'a teacher', 'two brothers', 'a detective'])} in {w.one(CITIES)}",
        f"I am writing about the {thing} that I {w.did}", f"my {w.one(['dog', 'cat', 'son', 'daughter'])} is {w.number(2, 14)} years old",
        f"we {w.one(['arrived', 'left'])} on {w.one(DAYS)} and {w.one(['stayed', 'waited'])} until {w.one(DAYS)}",
        f"the {w.one(['cable', 'strap', 'shelf', 'rope'])} is {w.number(2, 90)} {w.one(['inches', 'metres', 'feet'])} long",
        f"delivery takes {w.number(2, 9)} days", f"breakfast is served from {w.time} to {w.time}", f"batteries are {w.one(['included', 'sold separately'])}",
        f"{name} ate the {w.one(['soup', 'apple', 'sandwich', 'rice'])}", f"the {w.one(['dog', 'cat', 'child'])} {w.one(['ate', 'found', 'carried'])} the {w.one(['ball', 'bread', 'shoe'])}",
        f"there are {w.number(2, 60)} {w.one(OBJECTS)} on the table", f"the {w.one(PLACES)} is {w.number(2, 30)} minutes from here",
        f"a man in a {w.one(COLOURS)} shirt is {w.one(['standing', 'sitting', 'waiting'])} at the {w.one(PLACES)}",
        f"{w.number(2, 60)} people {w.one(['attended', 'registered', 'voted'])}", f"the price includes {w.one(['tax', 'breakfast', 'shipping'])}",
    ]), NEUTRAL


def questions(w):
    return w.one([
        f"where is the {w.one(['nearest', 'next', 'closest'])} {w.one(PLACES)}?", f"what time does the {w.one(PLACES)} {w.one(['open', 'close'])}?",
        f"does the {w.thing} come with {with_article(w.aspect)}?", f"how many {w.one(OBJECTS)} are in the box?",
        f"how long is the {w.one(['film', 'cable', 'warranty', 'trip'])}?", f"is breakfast included?", f"do you ship to {w.one(CITIES)}?",
        f"has anyone {w.done} this {w.thing}?", f"which {w.thing} did you choose?", f"when will the {w.one(['package', 'refund', 'next bus'])} arrive?",
        f"who is the {w.one(['author', 'director', 'manager'])}?", f"how much does the {w.thing} cost?", f"can I change the {w.aspect}?",
        f"what is the difference between the two {w.one(['models', 'versions', 'rooms'])}?", f"does it fit {w.one(['a child', 'a small table', 'my phone'])}?",
        f"is this the {w.thing} from {w.one(CITIES)}?", f"does it come in {w.one(COLOURS)}?", f"is the {w.aspect} {w.one(COLOURS)} or {w.one(COLOURS)}?",
    ]), NEUTRAL


# Each with its share of the sentences.
GROUPS = [(verdicts, 10), (negated_praise, 14), (negated_blame, 12), (superlatives, 14), (contrasts, 10), (over_time, 6),
          (deeds, 8), (middling, 5), (ratings, 2), (comparisons, 6), (facts, 16), (questions, 6)]


def dressed(text, generator):
    """The sentence as somebody types it."""
    opening = generator.random()
    if opening < 0.08 and not text.endswith("?"):
        text = generator.choice(["honestly, ", "in my opinion ", "to be fair, ", "sadly, ", "well, "][:3]) + text
    if generator.random() < 0.8:
        text = text[0].upper() + text[1:]
    if not text.endswith("?"):
        text += generator.choice([".", ".", ".", "", "", "!"])
    return text.replace("'", "\u2019") if generator.random() < 0.15 else text


def key(text):
    return " ".join(re.findall(r"[^\W_]+", text.lower().replace("\u2019", "'")))


def texts_of(path):
    for line in pathlib.Path(path).read_text(encoding="utf-8").split("\n"):
        if line.startswith("{"):
            row = json.loads(line)
            yield from ([row["text"]] if "text" in row else []) + row.get("variants", [])
        elif line:
            yield line


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=40000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without", nargs="*", default=[])
    arguments = parser.parse_args()
    generator = random.Random(arguments.seed)
    seen = {key(text) for path in arguments.without for text in texts_of(path)}
    counts = collections.Counter()
    groups, weights = zip(*GROUPS)
    with open(arguments.out, "w", encoding="utf-8", newline="\n") as out:
        for _ in range(arguments.count * 4):
            group = generator.choices(groups, weights)[0]
            text, probabilities = group(Words(generator))
            if key(text) in seen:
                continue
            seen.add(key(text))
            counts[group.__name__] += 1
            row = {"text": dressed(text, generator), "probabilities": probabilities,
                   "source": f"plain_{group.__name__}"}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            if counts.total() == arguments.count:
                break
    print(f"{counts.total()} sentences: {dict(counts)}")


if __name__ == "__main__":
    main()
