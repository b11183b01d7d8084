using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using RedisInfer.Tests.Support;
using RedisInfer.Words;

namespace RedisInfer.Tests.Unit.Words;

/// <summary>Compares the tables with the machine's ICU, if it has one.</summary>
public sealed unsafe class UnicodeFoldsTests
{
    [Fact]
    public void LatinLettersAndDigitsFoldAsIcuDecomposesThem()
    {
        nint icu = Load(out string version);
        int error = 0;
        var instance = (delegate* unmanaged<int*, nint>)NativeLibrary.GetExport(icu, "unorm2_getNFKDInstance" + version);
        var normalize = (delegate* unmanaged<nint, char*, int, char*, int, int*, int>)NativeLibrary.GetExport(icu, "unorm2_normalize" + version);
        nint form = instance(&error);
        char* decomposed = stackalloc char[64];
        int compared = 0;
        foreach (Rune rune in Runes())
        {
            string text = rune.ToString();
            int length;
            fixed (char* characters = text)
            {
                length = normalize(form, characters, text.Length, decomposed, 64, &error);
            }

            Assert.InRange(error, -128, 0);
            string plain = string.Concat(new string(decomposed, 0, length).Where(c => c is not (>= '\u0300' and <= '\u036F')));
            if (plain != text && plain.Length > 0 && plain.All(char.IsAsciiLetterOrDigit) && Rune.GetUnicodeCategory(rune) is not UnicodeCategory.OtherSymbol)
            {
                Assert.Equal((text, plain), (text, UnicodeFolds.Fold(rune.Value)));
                compared++;
            }
        }

        Assert.InRange(compared, 1000, 10_000);
    }

    [Fact]
    public void LowerCaseIsThatOfIcu()
    {
        nint icu = Load(out string version);
        var toLower = (delegate* unmanaged<int, int>)NativeLibrary.GetExport(icu, "u_tolower" + version);
        foreach (Rune rune in Runes().Where(rune => rune.Value > 0x7F && UnicodeFolds.Fold(rune.Value) is null))
        {
            int expected = toLower(rune.Value);

            Assert.Equal((rune, expected == rune.Value ? null : new Rune(expected).ToString()), (rune, UnicodeFolds.Lower(rune.Value)));
        }
    }

    /// <summary>Characters that had a meaning in Unicode 12, which every ICU knows.</summary>
    private static IEnumerable<Rune> Runes() => Enumerable.Range(0xA0, 0x1FFFF - 0xA0).Where(Rune.IsValid).Select(value => new Rune(value))
        .Where(rune => Rune.GetUnicodeCategory(rune) is not UnicodeCategory.OtherNotAssigned);

    private static nint Load(out string version)
    {
        for (int major = 60; major < 100; major++)
        {
            version = $"_{major}";
            if (NativeLibrary.TryLoad($"libicuuc.so.{major}", out nint icu))
            {
                return icu;
            }
        }

        version = "";
        Skipping.Because("This machine has no ICU.");
        return 0;
    }
}
