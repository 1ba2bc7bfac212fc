namespace SocketRelay.Tests.Image;

/// <summary>Removes the archive of the image once all tests of this folder are over.</summary>
[SetUpFixture]
public sealed class ImageArchive
{
    /// <summary>Removes it, if it was made.</summary>
    [OneTimeTearDown]
    public void Remove() => BuiltImage.Remove();
}
