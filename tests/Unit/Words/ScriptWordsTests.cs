using RedisInfer.Words;

namespace RedisInfer.Tests.Unit.Words;

/// <summary>A question finds the words of a text, whatever script it is in and however its characters are encoded.</summary>
public sealed class ScriptWordsTests
{
    [Theory]
    [InlineData("configuration offline workflow quartermaster", "The conﬁguration of the oﬄine workﬂow is written by the quarter\u00ADmaster.")]
    [InlineData("ﬁnal ﬂight", "the final flight")]
    [InlineData("Prüfgröße Zürich", "Die Pru\u0308fgro\u0308ße fu\u0308r Zu\u0308rich")]
    [InlineData("Pru\u0308fgro\u0308sse", "Prüfgröße")]
    [InlineData("STRASSE", "Straße")]
    [InlineData("cafe resume naive", "Café, résumé, naïve")]
    [InlineData("Lodz Malmo Tromso", "Łódź, Malmö, Tromsø")]
    [InlineData("Istanbul Izmir", "İstanbul, İzmir")]
    [InlineData("encyclopaedia", "encyclopædia")]
    [InlineData("Việt Nam", "Viet\u0323\u0302 Nam")]
    [InlineData("οδος", "ΟΔΟΣ")]
    [InlineData("ёлка", "елка")]
    [InlineData("ЗВІТ", "звіт")]
    [InlineData("backup 77 zone", "ｂａｃｋｕｐ ７７ ｚｏｎｅ")]
    [InlineData("H2O", "H₂O")]
    [InlineData("Deployment Thursday quayside", "🚀Deployment⚠️ of Marlin happens on Thursday🎉 at the quayside👩‍💻")]
    [InlineData("ready", "✅ready✅")]
    [InlineData("Marlin", "Marlin™")]
    [InlineData("zero width", "ze\u200Bro wi\u2060dth")]
    [InlineData("LW-204", "LW\u2011204")]
    [InlineData("O'Brien", "O’Brien")]
    [InlineData("м'ята", "м\u02BCята")]
    public void WordsOfSpacedScriptsAreFound(string question, string text) => AssertAllFound(question, text);

    [Theory]
    [InlineData("학점인정 기준", "\u1112\u1161\u11A8\u110C\u1165\u11B7\u110B\u1175\u11AB\u110C\u1165\u11BC \u1100\u1175\u110C\u116E\u11AB은 18이다.")]
    [InlineData("データベース", "テ\u3099ータヘ\u3099ースの保存")]
    [InlineData("バックアップ番号", "ﾊﾞｯｸｱｯﾌﾟ番号は７７です。")]
    [InlineData("ぱんや", "は\u309Aんや")]
    [InlineData("𠮷野家", "𠮷野家的编号")]
    [InlineData("备份", "数据库备份保存三十天")]
    [InlineData("77", "番号は７７です")]
    public void WordsOfEastAsiaAreFound(string question, string text) => AssertAllFound(question, text);

    [Theory]
    [InlineData("สำรองข้อมูล", "ระยะเวลาเก็บสำรองข้อมูลของระบบคือสามสิบวัน")]
    [InlineData("กรุงเทพมหานคร", "เครื่องหลักตั้งอยู่ที่กรุงเทพมหานคร")]
    [InlineData("ข้าวกลางวัน", "พนักงานกินข้าวกลางวันที่โรงอาหาร")]
    [InlineData("๓๐ วัน", "เก็บไว้ 30 วัน")]
    [InlineData("ທະນາຄານ", "ຂ້ອຍໄປທະນາຄານມື້ນີ້")]
    [InlineData("ទិន្នន័យបម្រុង", "រយៈពេលរក្សាទុកទិន្នន័យបម្រុងគឺសាមសិបថ្ងៃ")]
    [InlineData("အရန်ဒေတာ", "ကျွန်ုပ်တို့သည်အရန်ဒေတာကိုသိမ်းသည်")]
    public void AWordWithinARunIsFound(string question, string text) => AssertAllFound(question, text);

    [Theory]
    [InlineData("كتاب", "كِتَابٌ")]
    [InlineData("احمد", "أَحْمَد")]
    [InlineData("کتاب فارسی", "كتاب فارسي")]
    [InlineData("سلام", "ﺳﻼم")]
    [InlineData("مرحبا", "مـــرحبا")]
    [InlineData("١٢٣", "123")]
    [InlineData("שלום", "שָׁלוֹם")]
    [InlineData("צה\"ל", "צה״ל")]
    [InlineData("हिन्दी", "हि\u200Dन्दी")]
    [InlineData("क़लम", "क\u093Cलम")]
    public void PointsAndJoinersDoNotCount(string question, string text) => AssertAllFound(question, text);

    [Theory]
    [InlineData("ใ", "ข้าว")]
    [InlineData("か", "が")]
    [InlineData("resume", "presume")]
    public void OtherWordsAreNotFound(string question, string text) => Assert.Empty(Hashes(question).Intersect(Hashes(text)));

    [Theory]
    [InlineData("🎉🎉 👩‍💻 ⚠️ ™ © → ≤")]
    [InlineData("\uD83D lone \uDE00 halves", "lone", "halves")]
    [InlineData("\u0301\u0301")]
    public void SymbolsAreNoWords(string text, params string[] words) =>
        Assert.Equal(words.SelectMany(Hashes).Order(), Hashes(text).Order());

    [Fact]
    public void ManyMarksOnOneLetterEndSoon()
    {
        string text = "ก" + new string('\u0E49', 200_000) + "a" + new string('\u0303', 200_000) + " harbor";

        Assert.Contains(Hashes("harbor")[0], Hashes(text));
    }

    private static void AssertAllFound(string question, string text)
    {
        uint[] asked = [.. new WordReader().ReadQuestion(question).Where(word => !word.IsPair).Select(word => word.Hash)];

        Assert.NotEmpty(asked);
        Assert.Empty(asked.Except(Hashes(text)));
    }

    private static uint[] Hashes(string text) => [.. new WordReader().Read(text).Select(word => word.Hash)];
}
