"""What leaves the program: papers, packs, lists and reports, each noted and scanned for leaks (打印与导出)."""
