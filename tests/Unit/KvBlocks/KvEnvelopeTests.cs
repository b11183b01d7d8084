using RedisInfer.KvBlocks;

namespace RedisInfer.Tests.Unit.KvBlocks;

public sealed class KvEnvelopeTests
{
    // A record of version 1, byte for byte. Later releases must read it or give the format a new version.
    private const string Version1 =
        "52494b31010080005997a331bcc354c57761213ba9bff68822041d6cd15cdeb56a6208eb16c44cd800000000030000000500000000000000"
        + "714d46763115eb2226a1f7530000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        + "0000000000000000000000000000000073746174651a0300d9c0f53cc2f948ee56970ae004";

    private static readonly KvIdentity Identity = new("secret"u8, "model", "tenant");

    private static KvBlock Block => KvChain.Cut(Identity, [1, 2, 3], [3], 8).Blocks[0];

    [Fact]
    public void RecordOfVersion1IsRead()
    {
        byte[] record = Convert.FromHexString(Version1);

        Assert.Null(KvEnvelope.Check(Identity, Block, record));
        Assert.Equal("state"u8, KvEnvelope.StateOf(record).Span);
    }

    [Fact]
    public void EveryChangedBitIsFound()
    {
        byte[] record = Convert.FromHexString(Version1);
        for (int bit = 0; bit < record.Length * 8; bit++)
        {
            record[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotNull(KvEnvelope.Check(Identity, Block, record));
            record[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void EveryOtherLengthIsFound()
    {
        byte[] record = Convert.FromHexString(Version1);
        for (int length = 0; length < record.Length; length++)
        {
            Assert.NotNull(KvEnvelope.Check(Identity, Block, record.AsSpan(0, length)));
        }

        Assert.NotNull(KvEnvelope.Check(Identity, Block, [.. record, 0]));
    }

    [Fact]
    public void SameStateIsSealedDifferentlyEachTime()
    {
        byte[] first = Seal("state"u8), second = Seal("state"u8);

        Assert.NotEqual(first, second);
        Assert.Null(KvEnvelope.Check(Identity, Block, first));
        Assert.Null(KvEnvelope.Check(Identity, Block, second));
    }

    [Fact]
    public void RecordWithoutAStateIsNone() => Assert.Equal("it is too short", KvEnvelope.Check(Identity, Block, Seal([])));

    private static byte[] Seal(ReadOnlySpan<byte> state)
    {
        var record = new byte[state.Length + KvEnvelope.OverheadBytes];
        state.CopyTo(record.AsSpan(KvEnvelope.HeaderBytes));
        KvEnvelope.Seal(Identity, Block, record);
        return record;
    }
}
