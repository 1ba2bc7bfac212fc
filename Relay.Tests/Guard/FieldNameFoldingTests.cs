using System.Text;
using SocketRelay.Guard;

namespace SocketRelay.Tests.Guard;

[TestFixture]
internal sealed class FieldNameFoldingTests
{
    [TestCase("HostConfig", "hostconfig")]
    [TestCase("HostConfig", "ho\u017FtConfig")]
    [TestCase("NetworkMode", "Networ\u212AMode")]
    [TestCase("NetworkMode", "networ\\u212amode")]
    [TestCase("Binds", "\\u0042ind\\u017F")]
    [TestCase("Stra\u00DFe", "STRA\u00DFE")]
    [TestCase("\u00E9", "\u00C9")]
    [TestCase("a\\/b", "A/b")]
    [TestCase("\\uD83D\\uDE00", "\U0001F600")]
    public void SpellingsOfOneField_AreEqualAndHashAlike(string one, string other)
    {
        byte[] left = Encoding.UTF8.GetBytes(one), right = Encoding.UTF8.GetBytes(other);
        FieldNameFolding.AreEqual(left, right, folds: true).ShouldBeTrue();
        FieldNameFolding.Hash(left, folds: true).ShouldBe(FieldNameFolding.Hash(right, folds: true));
    }

    [TestCase("Binds", "Bind")]
    [TestCase("Binds", "Bindss")]
    [TestCase("Binds", " Binds")]
    [TestCase("I", "\u0131")]
    [TestCase("i", "\u0130")]
    [TestCase("K", "\uFF2B")]
    [TestCase("", "a")]
    [TestCase("A\\u0000", "A")]
    [TestCase("ss", "\u00DF")]
    public void OtherNames_AreNotEqual(string one, string other)
    {
        byte[] left = Encoding.UTF8.GetBytes(one), right = Encoding.UTF8.GetBytes(other);
        FieldNameFolding.AreEqual(left, right, folds: true).ShouldBeFalse();
        FieldNameFolding.AreEqual(right, left, folds: true).ShouldBeFalse();
    }

    [Test]
    public void OnlyTwoLettersOutsideAscii_FoldIntoIt()
    {
        var letters = new HashSet<ulong>(Enumerable.Range('A', 26).Select(letter => FieldNameFolding.Hash([(byte)letter], folds: true)));
        var folding = new List<int>();
        Span<byte> written = stackalloc byte[4];
        for (int value = 0x80; value <= 0x10FFFF; value++)
            if (Rune.IsValid(value) && letters.Contains(FieldNameFolding.Hash(written[..new Rune(value).EncodeToUtf8(written)], folds: true)))
                folding.Add(value);

        folding.ShouldBe([0x17F, 0x212A]);
    }

    [Test]
    public void KeysOfMaps_AreComparedExactly()
    {
        FieldNameFolding.AreEqual("a"u8, "A"u8, folds: false).ShouldBeFalse();
        FieldNameFolding.AreEqual("s"u8, "\u017F"u8, folds: false).ShouldBeFalse();
        FieldNameFolding.AreEqual("a"u8, "\\u0061"u8, folds: false).ShouldBeTrue();
    }
}
