using System.Text;
using RedisInfer.Folders;

namespace RedisInfer.Tests.Unit.Folders;

public sealed class TextDecoderTests
{
    private const string English = "# Operations manual\n\nThe policy says that backups are kept for thirty days.\nAsk the administrator to restore them.\n\n";
    private const string Russian = "Резервные копии базы данных хранятся тридцать дней. Для восстановления обратитесь к администратору и укажите имя базы и время.\n";
    private const string Japanese = "バックアップは三十日間保存されます。復元するには、管理者に連絡して、対象のデータベース名と日時を伝えてください。\n";
    private const string Chinese = "数据库的备份要保留三十天。恢复时请联系管理员，并说明数据库名称和时间。\n";
    private const string Traditional = "資料庫的備份要保留三十天。還原時請聯絡管理員，並說明資料庫名稱和時間。\n";
    private const string Korean = "데이터베이스 백업은 삼십일 동안 보관됩니다. 복원하려면 관리자에게 연락하여 데이터베이스 이름과 시간을 알려 주십시오.\n";
    private const string Czech = "Zálohy databáze se uchovávají třicet dní. Chcete-li je obnovit, obraťte se na správce a sdělte mu název databáze a čas.\n";
    private const string Polish = "Kopie zapasowe bazy danych są przechowywane przez trzydzieści dni. Aby je przywrócić, należy podać nazwę bazy. Źródła są łatwe.\n";
    private const string Ukrainian = "Резервні копії бази даних зберігаються тридцять днів. Для відновлення зверніться до адміністратора і вкажіть назву бази.\n";
    private const string Thai = "ข้อมูลสำรองของฐานข้อมูลจะถูกเก็บไว้สามสิบวัน หากต้องการกู้คืนให้ติดต่อผู้ดูแลระบบและแจ้งชื่อฐานข้อมูลและเวลา\n";

    // In windows-1258, the marks of a letter follow it.
    private const string Vietnamese = "Ba\u0309n sao lưu đươ\u0323c giư\u0303 trong ba mươi ngày. Đê\u0309 khôi phu\u0323c, liên hê\u0323 ngươ\u0300i qua\u0309n tri\u0323.\n";

    public static TheoryData<string, string, string> Texts { get; } = new()
    {
        { "shift_jis", "shift_jis", Japanese },
        { "euc-jp", "euc-jp", Japanese },
        { "iso-2022-jp", "iso-2022-jp", Japanese },
        { "gb2312", "gb18030", Chinese },
        { "gb18030", "gb18030", Chinese },
        { "big5", "big5", Traditional },
        { "euc-kr", "euc-kr", Korean },
        { "koi8-r", "koi8-r", Russian },
        { "koi8-u", "koi8-u", Ukrainian },
        { "windows-1251", "windows-1251", Russian },
        { "windows-1251", "windows-1251", Ukrainian },
        { "iso-8859-5", "iso-8859-5", Russian },
        { "ibm866", "cp866", Russian },
        { "windows-1250", "windows-1250", Czech },
        { "iso-8859-2", "iso-8859-2", Czech },
        { "windows-1250", "windows-1250", Polish },
        { "iso-8859-2", "iso-8859-2", Polish },
        { "windows-1252", "windows-1252", "Sicherungen werden dreißig Tage aufbewahrt. Über die Größe der Prüfung entscheidet das Büro in Zürich.\n" },
        { "windows-1252", "windows-1252", "L’œuvre coûte 30 € – « c’est cher », dit-il… Les sauvegardes sont conservées trente jours à l’étage.\n" },
        { "iso-8859-1", "windows-1252", "Las copias de seguridad se conservan treinta días. ¿Cuándo empezó el año? ¡Mañana!\n" },
        { "windows-1253", "windows-1253", "Τα αντίγραφα ασφαλείας της βάσης δεδομένων διατηρούνται για τριάντα ημέρες. Άλλαξε το όνομα.\n" },
        { "windows-1254", "windows-1254", "Veritabanı yedekleri otuz gün boyunca saklanır. Geri yüklemek için yöneticiye başvurun, veritabanının adını bildirin.\n" },
        { "windows-1255", "windows-1255", "גיבויים של מסד הנתונים נשמרים במשך שלושים יום. כדי לשחזר, פנו למנהל המערכת וציינו את השם.\n" },
        { "windows-1256", "windows-1256", "يتم الاحتفاظ بالنسخ الاحتياطية لقاعدة البيانات لمدة ثلاثين يوما. للاستعادة اتصل بالمسؤول.\n" },
        { "windows-1258", "windows-1258", Vietnamese },
        { "windows-874", "windows-874", Thai },
    };

    public static TheoryData<string> Unmarked { get; } = [English, Russian, Japanese, Chinese, Traditional, Korean, Czech, Thai];

    [Theory]
    [MemberData(nameof(Texts))]
    public void EncodingIsFoundInTextsOfAnySize(string encodingName, string found, string text)
    {
        Encoding encoding = EncodingOf(encodingName);
        string[] texts = [text, string.Concat(Enumerable.Repeat(text, 50)), English + text + English, string.Concat(Enumerable.Repeat(English, 4000)) + text];

        Assert.All(texts, expected =>
        {
            (string Text, Encoding Encoding)? decoded = TextDecoder.Decode(encoding.GetBytes(expected));
            Assert.Equal(expected, decoded?.Text);
            Assert.Equal(found, decoded?.Encoding.WebName);
        });
    }

    [Theory]
    [InlineData("gb18030", "// 计算总和\nint sum(int a, int b) { return a + b; } // 返回结果\n")]
    [InlineData("shift_jis", "// 合計を計算する\nint sum(int a, int b) { return a + b; } // 結果を返す\n")]
    [InlineData("windows-1251", "// Считает сумму\nint sum(int a, int b) { return a + b; } // возвращает результат\n")]
    [InlineData("windows-1252", "The café keeps it.\n")]
    [InlineData("windows-1252", "It’s the administrator’s job – don’t forget it. © 2024 Example Corp.\n")]
    [InlineData("windows-1252", "Temperature: 25°C ± 2. Price: £30 or ½ of it.\n")]
    public void FewForeignCharactersSuffice(string encoding, string text) =>
        Assert.Equal((text, encoding), Found(EncodingOf(encoding).GetBytes(text)));

    [Theory]
    [MemberData(nameof(Unmarked))]
    public void Utf16NeedsNoByteOrderMark(string text)
    {
        Assert.Equal((text, "utf-16"), Found(Encoding.Unicode.GetBytes(text)));
        Assert.Equal((text, "utf-16BE"), Found(Encoding.BigEndianUnicode.GetBytes(text)));
    }

    [Theory]
    [MemberData(nameof(Unmarked))]
    public void WrongByteInUtf8CostsThatByte(string text)
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes("é " + text), 0xE9, .. Encoding.UTF8.GetBytes(text)];

        Assert.Equal(($"é {text}\uFFFD{text}", "utf-8"), Found(bytes));
    }

    [Fact]
    public void WrongBytesAfterAMarkCostThoseBytes()
    {
        Assert.Equal(("a\uFFFDb", "utf-8"), Found([0xEF, 0xBB, 0xBF, (byte)'a', 0xE9, (byte)'b']));
        Assert.Equal(("a\uFFFD", "utf-16"), Found([0xFF, 0xFE, (byte)'a', 0, (byte)'b']));
    }

    [Fact]
    public void WhatIsValidUtf8IsUtf8()
    {
        // In GB18030, these bytes are two usual characters too.
        Assert.Equal(("Ä¿", "utf-8"), Found([0xC3, 0x84, 0xC2, 0xBF]));
        Assert.Equal(("+ADw-script+AD4-", "utf-8"), Found("+ADw-script+AD4-"u8));
        Assert.Equal(("plain", "utf-8"), Found("plain"u8));
    }

    [Fact]
    public void BinaryFilesAreNotText()
    {
        var random = new Random(7);
        for (int i = 0; i < 200; i++)
        {
            byte[] bytes = new byte[random.Next(40, 5000)];
            random.NextBytes(bytes);
            Assert.Null(TextDecoder.Decode(bytes));
            Assert.Null(TextDecoder.Decode([.. bytes.Select(value => value == 0 ? (byte)1 : value)]));
        }
    }

    [Fact]
    public void NoBytesBreakTheDecoder()
    {
        var random = new Random(8);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = new byte[random.Next(0, 24)];
            for (int j = 0; j < bytes.Length; j++)
                bytes[j] = (byte)(random.Next(3) == 0 ? random.Next(32, 127) : random.Next(128, 256));
            TextDecoder.Decode(bytes);
        }
    }

    private static (string Text, string Encoding)? Found(ReadOnlySpan<byte> bytes) =>
        TextDecoder.Decode(bytes) is { } decoded ? (decoded.Text, decoded.Encoding.WebName) : null;

    private static Encoding EncodingOf(string name) => CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
}
