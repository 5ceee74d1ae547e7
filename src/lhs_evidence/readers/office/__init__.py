"""Office files: Word, Excel and PowerPoint, and old formats by way of LibreOffice."""
