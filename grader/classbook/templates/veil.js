"use strict";
// Before the page is laid out. No name may be seen while a page that is opened without names loads,
// which class.js unveils; and thousands of rows need not be laid out before any is asked for.
document.documentElement.classList.add("scripted");
if (location.hash.includes("names=hidden")) document.documentElement.classList.add("veiled");
