// Makes src/RedisInfer/Words/unicode-folds.txt from Unicode's data (Debian: package unicode-data).
// Command: dotnet run eng/unicode/MakeFolds.cs /usr/share/unicode/UnicodeData.txt > src/RedisInfer/Words/unicode-folds.txt.
//
// A line of the file has a code point or a range, then the code points it becomes; "-" means none. There are two sections:
//   fold:   what it becomes for search.
//   lower:  its lower case.
using System.Globalization;

const string Version = "15.0.0";

if (args.Length != 1)
{
    Console.Error.WriteLine("Give the path of UnicodeData.txt.");
    return 2;
}

Dictionary<int, (string Name, string Category, string Tag, int[] Parts, char? Digit, int? Lower)> characters = [];
foreach (string[] fields in File.ReadLines(args[0]).Select(line => line.Split(';')))
{
    // Ranges of ideographs, syllables and private characters change in nothing.
    if (!fields[1].EndsWith("First>", StringComparison.Ordinal) && !fields[1].EndsWith("Last>", StringComparison.Ordinal))
    {
        string[] decomposition = fields[5].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string tag = decomposition is [['<', ..], ..] ? decomposition[0] : "";
        characters.Add(Number(fields[0]), (
            fields[1], fields[2], tag, [.. decomposition.Skip(tag.Length > 0 ? 1 : 0).Select(Number)],
            fields[6].Length > 0 ? fields[6][0] : null, fields[13].Length > 0 ? Number(fields[13]) : null));
    }
}

Dictionary<int, int[]> letters = Letters();
Console.Out.NewLine = "\n";
Console.WriteLine($"# Made from Unicode {Version} by eng/unicode/MakeFolds.cs. Data: Copyright Unicode, Inc., https://www.unicode.org/license.txt");
Console.WriteLine("fold");
Write(characters.Keys.Where(character => character > 0x7F).Select(character => (character, Fold(character))).Where(pair => !pair.Item2.SequenceEqual([pair.character])));
Console.WriteLine("lower");
Write(characters.Where(pair => pair.Key > 0x7F && pair.Value.Lower is not null && Fold(pair.Key).SequenceEqual([pair.Key]))
    .Select(pair => (pair.Key, new[] { pair.Value.Lower!.Value })));
return 0;

int[] Fold(int character)
{
    if (IsInvisible(character))
        return [];
    var entry = characters[character];
    // A trade mark is no letter. Kana keep their voiced marks, and Hangul its syllables.
    if ((entry.Category == "So" && entry.Tag == "<super>") || (entry.Tag.Length == 0 && Decompose(character).Any(IsVoicedMark)))
        return [character];
    return [.. Compose(Decompose(character)).Where(part => !IsDropped(part)).SelectMany(Letter)];
}

IEnumerable<int> Decompose(int character) =>
    characters.TryGetValue(character, out var entry) && entry.Parts.Length > 0 ? entry.Parts.SelectMany(Decompose) : [character];

IEnumerable<int> Compose(IEnumerable<int> parts)
{
    List<int> composed = [];
    foreach (int part in parts)
    {
        int whole = IsVoicedMark(part) && composed.Count > 0 ? Voiced(composed[^1], part) : 0;
        if (whole != 0)
            composed[^1] = whole;
        else
            composed.Add(part);
    }

    return composed;
}

int Voiced(int kana, int mark) =>
    characters.FirstOrDefault(pair => pair.Value.Tag.Length == 0 && pair.Value.Parts.SequenceEqual([kana, mark])).Key;

IEnumerable<int> Letter(int character)
{
    if (letters.TryGetValue(character, out int[]? plain))
        return plain;
    return characters.TryGetValue(character, out var entry) && entry.Digit is { } digit ? [digit] : [character];
}

// Letters that a reader takes for others, though Unicode does not decompose them.
Dictionary<int, int[]> Letters()
{
    var plain = new Dictionary<int, string>
    {
        ['ß'] = "ss", ['ẞ'] = "SS", ['æ'] = "ae", ['Æ'] = "AE", ['œ'] = "oe", ['Œ'] = "OE", ['ð'] = "d", ['Ð'] = "D", ['þ'] = "th",
        ['Þ'] = "TH", ['ı'] = "i", ['ŋ'] = "n", ['Ŋ'] = "N", ['ĸ'] = "k", ['ς'] = "σ",
        ['\u0671'] = "\u0627", ['\u0649'] = "\u064A", ['\u06CC'] = "\u064A", ['\u06D2'] = "\u064A", ['\u06A9'] = "\u0643", ['\u0629'] = "\u0647",
        ['\u06C1'] = "\u0647", ['\u06BE'] = "\u0647", ['\u06D5'] = "\u0647", ['\u06C3'] = "\u0647",
        ['\u02BB'] = "'", ['\u02BC'] = "'", ['\u02BD'] = "'", ['\u02B9'] = "'", ['\u2018'] = "'", ['\u2019'] = "'", ['\u201B'] = "'", ['\u2032'] = "'",
        ['\u055A'] = "'", ['\u05F3'] = "'", ['\uA78C'] = "'", ['\u201C'] = "\"", ['\u201D'] = "\"", ['\u201F'] = "\"", ['\u05F4'] = "\"",
        ['\u2010'] = "-", ['\u2012'] = "-", ['\u2013'] = "-", ['\u2212'] = "-", ['\u05BE'] = "-", ['\u1806'] = "-", ['\u2044'] = "/",
    };
    Dictionary<int, int[]> all = plain.ToDictionary(pair => pair.Key, pair => pair.Value.Select(letter => (int)letter).ToArray());
    foreach ((int character, var entry) in characters)
    {
        // For example "LATIN SMALL LETTER O WITH STROKE".
        string[] name = entry.Name.Split(' ');
        if (name is ["LATIN", "SMALL" or "CAPITAL", "LETTER", [>= 'A' and <= 'Z'], "WITH", ..] && entry.Parts.Length == 0)
            all.TryAdd(character, [name[1] == "SMALL" ? char.ToLowerInvariant(name[3][0]) : name[3][0]]);
    }

    return all;
}

// Format characters, joiners, fillers and variation selectors.
bool IsInvisible(int character) => characters[character].Category == "Cf"
    || character is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x3164 or 0xFFA0
        or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);

// Accents, points of Hebrew, Arabic and Syriac, the Arabic tatweel, and the dots below letters of India.
bool IsDropped(int character) => character is (>= 0x0300 and <= 0x036F) or (>= 0x0483 and <= 0x0489) or (>= 0x1AB0 and <= 0x1AFF)
    or (>= 0x1DC0 and <= 0x1DFF) or (>= 0x20D0 and <= 0x20FF) or (>= 0xFE20 and <= 0xFE2F)
    or (>= 0x0591 and <= 0x05BD) or 0x05BF or 0x05C1 or 0x05C2 or 0x05C4 or 0x05C5 or 0x05C7
    or (>= 0x0610 and <= 0x061A) or 0x0640 or (>= 0x064B and <= 0x065F) or 0x0670 or (>= 0x06D6 and <= 0x06DC) or (>= 0x06DF and <= 0x06E4)
    or 0x06E7 or 0x06E8 or (>= 0x06EA and <= 0x06ED) or 0x0711 or (>= 0x0730 and <= 0x074A) or (>= 0x08CA and <= 0x08FF)
    or 0x093C or 0x09BC or 0x0A3C or 0x0ABC or 0x0B3C or 0x0C3C or 0x0CBC;

bool IsVoicedMark(int character) => character is 0x3099 or 0x309A;

// Joins neighbors that become the same.
void Write(IEnumerable<(int Character, int[] Parts)> lines)
{
    (int First, int Last, int[] Parts)? open = null;
    foreach ((int character, int[] parts) in lines.OrderBy(line => line.Character))
    {
        if (open is { } before && before.Last + 1 == character && before.Parts.SequenceEqual(parts))
        {
            open = before with { Last = character };
            continue;
        }

        Flush();
        open = (character, character, parts);
    }

    Flush();

    void Flush()
    {
        if (open is not { } line)
            return;
        string range = line.First == line.Last ? Hex(line.First) : $"{Hex(line.First)}..{Hex(line.Last)}";
        Console.WriteLine($"{range} {(line.Parts.Length == 0 ? "-" : string.Join(' ', line.Parts.Select(Hex)))}");
    }
}

static string Hex(int character) => character.ToString("X4", CultureInfo.InvariantCulture);

static int Number(string hex) => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
